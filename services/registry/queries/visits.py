"""Who came to a unit's desk."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.errors import VisitNotFound
from services.registry.models import Visit
from services.registry.queries.lists import Rows, listed
from shared.access.scope import Place, visible_to
from shared.events.registry import Need
from shared.streams.log import Tx
from shared.web.paging import Window

_VISIT = Place(unit=col(Visit.unit_id), region=col(Visit.region_code))


class VisitFilter(NamedTuple):
    """Which visits are wanted; None is any."""

    unit_id: UUID | None = None
    enterprise_id: UUID | None = None
    need: Need | None = None


async def visit(tx: Tx, visit_id: UUID) -> Visit:
    """The visit with this id. Raises VisitNotFound."""
    statement = sa.select(Visit).where(col(Visit.id) == visit_id, visible_to(tx.actor, _VISIT))
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise VisitNotFound("There is no visit with this id.")
    return found


async def visits(tx: Tx, window: Window, wanted: VisitFilter) -> Rows:
    """The visits that are wanted, the oldest first."""
    statement = sa.select(Visit).where(visible_to(tx.actor, _VISIT))
    for name, value in wanted._asdict().items():
        if value is not None:
            statement = statement.where(getattr(Visit, name) == value)
    return await listed(tx, statement, [col(Visit.arrived_at), col(Visit.id)], window)
