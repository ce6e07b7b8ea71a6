"""When facilities are free: many facilities over many days, asked of the database once.

Facilities are public, so nobody's reach matters here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSTZMULTIRANGE, TSTZRANGE
from sqlmodel import col

from services.facilities.models import Closure, Facility, occupied_place
from services.facilities.models.booking_times import SHORTEST
from services.facilities.models.free import free_intervals
from services.facilities.models.intervals import Interval
from shared.events.facilities import FacilityKind
from shared.streams.log import Tx

MOST: Final = 200
"""Facilities that are asked about at once; no unit has as many."""
_BUFFERS: Final = timedelta(days=1)
"""How far outside a window something may be that keeps others out of it by its buffers."""


@dataclass(slots=True)
class Occupancy:
    """A facility, and what stands in the way of using it."""

    facility: Facility
    closures: list[Interval]
    taken: dict[int, list[Interval]] = field(default_factory=dict)

    def free(self, window: Interval, places: int) -> list[Interval]:
        """The longest intervals in a window throughout which so many places are free."""
        usable = self.facility.usable(window, self.closures)
        free = free_intervals(
            usable, self.taken, self.facility.buffers, self.facility.places, places
        )
        return [interval for interval in free if interval.length >= SHORTEST]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which facilities it is asked; what is None does not matter."""

    unit_id: UUID
    kinds: Collection[FacilityKind] | None = None
    facility_ids: Collection[UUID] | None = None


async def occupancies(tx: Tx, asked: Asked, window: Interval) -> Sequence[Occupancy]:
    """What stands in the way of using facilities of a unit, in the order of their codes."""
    around = window.widened(_BUFFERS, _BUFFERS)
    question = {
        "unit_id": asked.unit_id,
        "kinds": None if asked.kinds is None else list(asked.kinds),
        "facility_ids": None if asked.facility_ids is None else list(asked.facility_ids),
        "start": window.start,
        "end": window.end,
        "around_start": around.start,
        "around_end": around.end,
    }
    found: dict[UUID, Occupancy] = {}
    for facility, closed, place, starts, ends in await tx.execute(_OCCUPANCIES, question):
        occupancy = found.setdefault(facility.id, Occupancy(facility, _read(closed)))
        if place is not None:
            occupancy.taken[place] = list(map(Interval, starts, ends))
    return list(found.values())


def _statement() -> sa.Select[Any]:
    around = sa.func.tstzrange(_instant("around_start"), _instant("around_end"))
    table = occupied_place.c
    all_of_it = sa.func.range_agg(table.during, type_=TSTZMULTIRANGE)
    taken = (
        sa.select(table.place, all_of_it.label("during"))
        .where(table.facility_id == col(Facility.id), table.during.op("&&")(around))
        .group_by(table.place)
        .lateral()
    )
    return (
        sa.select(Facility, _closures(), taken.c.place, *_bounds(taken.c.during))
        .outerjoin(taken, sa.true())
        .where(col(Facility.id).in_(_facilities()))
        .order_by(col(Facility.code), col(Facility.id))
    )


def _bounds(ranges: sa.ColumnElement[Any]) -> tuple[sa.ScalarSelect[Any], sa.ScalarSelect[Any]]:
    """The beginnings and the ends, which two drivers read faster than ranges."""
    each = sa.func.unnest(ranges, type_=TSTZRANGE).column_valued("each")
    instants = ARRAY(sa.DateTime(timezone=True))
    starts = sa.func.array_agg(sa.func.lower(each), type_=instants)
    ends = sa.func.array_agg(sa.func.upper(each), type_=instants)
    return sa.select(starts).scalar_subquery(), sa.select(ends).scalar_subquery()


def _closures() -> sa.ScalarSelect[Any]:
    interval = sa.func.tstzrange(col(Closure.starts_at), col(Closure.ends_at))
    return (
        sa.select(sa.func.array_agg(interval, type_=ARRAY(TSTZRANGE)))
        .where(
            col(Closure.facility_id) == col(Facility.id),
            col(Closure.starts_at) < _instant("end"),
            col(Closure.ends_at) > _instant("start"),
        )
        .scalar_subquery()
    )


def _facilities() -> sa.Select[UUID]:
    kinds = sa.bindparam("kinds", type_=ARRAY(sa.Text))
    ids = sa.bindparam("facility_ids", type_=ARRAY(sa.Uuid))
    return (
        sa.select(col(Facility.id))
        .where(
            col(Facility.unit_id) == sa.bindparam("unit_id", type_=sa.Uuid),
            sa.or_(kinds.is_(None), col(Facility.kind) == sa.any_(kinds)),
            sa.or_(ids.is_(None), col(Facility.id) == sa.any_(ids)),
        )
        .order_by(col(Facility.code))
        .limit(MOST)
    )


def _instant(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=sa.DateTime(timezone=True))


# Made once: to make it costs more than to ask it.
_OCCUPANCIES: Final = _statement()


def _read(ranges: Any) -> list[Interval]:  # noqa: ANN401 (a list of the driver's ranges, or None)
    return [Interval(each.lower, each.upper) for each in ranges or ()]
