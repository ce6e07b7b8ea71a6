"""Where owners are at home: with a unit that serves them, for as long as one does."""

from collections.abc import Collection
from uuid import UUID

from services.registry import queries
from services.registry.models import Unit
from shared.streams.log import Tx
from shared.vault.fields import Home
from shared.vault.homes import move


async def leave_home(
    tx: Tx, enterprise_id: UUID, home: UUID, owner_ids: Collection[UUID], to: Unit | None = None
) -> None:
    """Let these owners find another home, if it is this enterprise alone that binds them to it.

    It is said before the enterprise or its owners go, while whoever lets them go still reaches
    them. `to` serves them from then on; without one they go to who serves them already, and stay
    if nobody does.
    """
    for owner_id in await queries.owners_at_home(tx, home, owner_ids):
        others = await queries.units_serving(tx, owner_id, besides=enterprise_id)
        if home in {unit.id for unit in others}:
            continue
        heir = to or next(iter(others), None)
        if heir is not None and heir.id != home:
            await move(tx, owner_id, Home(heir.id, heir.region_code))
