"""What is asked about facilities; everyone may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from services.facilities.errors import ClosureNotFound, FacilityNotFound
from services.facilities.models import Closure, Facility, occupied_place
from shared.access.scope import Place, visible_to
from shared.events.facilities import FacilityKind, FacilityStatus
from shared.streams.log import Tx
from shared.web.paging import Window, page

Rows = tuple[Sequence[Any], str | None]

_FACILITY = Place(unit=col(Facility.unit_id), region=col(Facility.region_code))
_IN_ORDER: Final = (
    sa.select(Facility)
    .where(col(Facility.id) == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))
    .order_by(col(Facility.id))
    .execution_options(populate_existing=True)
)
_LOCKED: Final = _IN_ORDER.with_for_update(read=True, key_share=True, of=Facility)
_LOCKED_ALONE: Final = _IN_ORDER.with_for_update(of=Facility)


@dataclass(frozen=True, slots=True)
class FacilityFilter:
    """Which facilities are wanted; what is None does not matter."""

    unit_id: UUID | None = None
    kind: FacilityKind | None = None
    status: FacilityStatus | None = None


async def facility(tx: Tx, facility_id: UUID, *, alone: bool = False) -> Facility:
    """The facility with this id; `alone` when nobody may take a place of it until this tx ends.

    Raises FacilityNotFound.
    """
    statement = sa.select(Facility).where(
        col(Facility.id) == facility_id, visible_to(tx.actor, _FACILITY)
    )
    if alone:
        statement = statement.with_for_update()
    found = await tx.scalar(statement)
    if found is None:
        raise FacilityNotFound("There is no facility with this id.")
    return found


async def locked(tx: Tx, ids: Collection[UUID], *, exclusively: bool = False) -> Sequence[Facility]:
    """Those of these facilities that there are, in the order of their ids.

    They stay as they are until the tx ends. Who only takes places shares the lock with others who
    do; whoever closes, changes or moves something has it exclusively. What is read after the lock
    is what the last holder left. Facilities are always locked before bookings.
    """
    statement = _LOCKED_ALONE if exclusively else _LOCKED
    return (await tx.scalars(statement, {"ids": list(ids)})).all()


async def rooms(tx: Tx, unit_id: UUID, kinds: Collection[FacilityKind]) -> Sequence[UUID]:
    """The facilities of a unit of some kinds, those that need no approval first."""
    statement = (
        sa.select(col(Facility.id))
        .where(col(Facility.unit_id) == unit_id, col(Facility.kind).in_(kinds))
        .order_by(col(Facility.approval), col(Facility.code))
    )
    return (await tx.scalars(statement)).all()


async def code_is_taken(tx: Tx, unit_id: UUID, code: str) -> bool:
    """Whether the unit has a facility with this code."""
    taken = sa.exists().where(col(Facility.unit_id) == unit_id, col(Facility.code) == code)
    return bool(await tx.scalar(sa.select(taken)))


async def facilities(tx: Tx, window: Window, wanted: FacilityFilter) -> Rows:
    """The facilities by unit and code."""
    statement = sa.select(Facility).where(visible_to(tx.actor, _FACILITY))
    for column, value in (
        (col(Facility.unit_id), wanted.unit_id),
        (col(Facility.kind), wanted.kind),
        (col(Facility.status), wanted.status),
    ):
        if value is not None:
            statement = statement.where(column == value)
    keys = [col(Facility.unit_id), col(Facility.code)]
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following


async def closure(tx: Tx, facility_id: UUID, closure_id: UUID) -> Closure:
    """A closure of a facility. Raises ClosureNotFound."""
    statement = sa.select(Closure).where(
        col(Closure.id) == closure_id, col(Closure.facility_id) == facility_id
    )
    found = await tx.scalar(statement)
    if found is None:
        raise ClosureNotFound("The facility has no closure with this id.")
    return found


async def closures(tx: Tx, window: Window, facility_id: UUID) -> Rows:
    """The closures of a facility that are not over, the first first."""
    statement = sa.select(Closure).where(
        col(Closure.facility_id) == facility_id, col(Closure.ends_at) > sa.func.now()
    )
    keys = [col(Closure.starts_at), col(Closure.id)]
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following


async def highest_place_in_use(tx: Tx, facility_id: UUID) -> int:
    """The highest number of a place that is booked or leased now or later; 0 when none is."""
    table = occupied_place.c
    statement = sa.select(sa.func.coalesce(sa.func.max(table.place), 0)).where(
        table.facility_id == facility_id,
        sa.func.upper(table.during) > sa.func.now(),
    )
    return int(await tx.scalar(statement) or 0)
