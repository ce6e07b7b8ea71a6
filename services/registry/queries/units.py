"""Which units there are."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.errors import UnitNotFound
from services.registry.models import Unit
from services.registry.queries.lists import Rows, listed
from shared.access.scope import Place, visible_to, within_region
from shared.streams.log import Tx
from shared.web.paging import Window

_UNIT = Place(unit=col(Unit.id), region=col(Unit.region_code))


async def unit(tx: Tx, unit_id: UUID) -> Unit:
    """The unit with this id. Raises UnitNotFound."""
    statement = sa.select(Unit).where(col(Unit.id) == unit_id, visible_to(tx.actor, _UNIT))
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise UnitNotFound("There is no unit with this id.")
    return found


async def units(tx: Tx, window: Window, region: str | None) -> Rows:
    """The units in a region, in the order of their codes."""
    statement = sa.select(Unit).where(visible_to(tx.actor, _UNIT))
    if region:
        statement = statement.where(within_region(col(Unit.region_code), region))
    return await listed(tx, statement, [col(Unit.region_code)], window)


async def units_by_region(tx: Tx) -> dict[str, Unit]:
    """Every unit by the code of its region; as long as they are held, `tx.get` finds them here."""
    return {unit.region_code: unit for unit in await tx.scalars(sa.select(Unit))}


async def regions_of(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The codes of the regions of these units."""
    statement = sa.select(col(Unit.id), col(Unit.region_code)).where(col(Unit.id).in_(unit_ids))
    return {row.id: row.region_code for row in await tx.execute(statement)}
