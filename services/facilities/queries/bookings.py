"""What is asked about bookings; one that is none of the actor's is as if it were not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.facilities.errors import BookingNotFound
from services.facilities.models import Booking, occupied_place
from services.facilities.models.booking import HOLDING
from services.facilities.models.intervals import Interval
from services.facilities.queries.enterprises import enterprises_of, same_as
from shared.access.scope import Place, visible_to
from shared.events.facilities import BookingStatus
from shared.instants import Instant
from shared.streams.log import Tx
from shared.web.paging import Window, page

Rows = tuple[Sequence[Any], str | None]

_BOOKING = Place(
    unit=col(Booking.unit_id),
    region=col(Booking.region_code),
    enterprise=col(Booking.enterprise_id),
)


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings are wanted; what is None does not matter."""

    unit_id: UUID | None = None
    facility_id: UUID | None = None
    enterprise_id: UUID | None = None
    status: BookingStatus | None = None
    starts_from: Instant | None = None
    starts_before: Instant | None = None


async def booking(tx: Tx, booking_id: UUID, *, in_hand: bool = False) -> Booking:
    """The booking with this id, if the actor may see it; `in_hand` to change it.

    Raises BookingNotFound, for everyone else's as for one that there is not.
    """
    statement = sa.select(Booking).where(col(Booking.id) == booking_id, await _visible(tx))
    if in_hand:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await tx.scalar(statement)
    if found is None:
        raise BookingNotFound("There is no booking with this id.")
    return found


async def bookings(tx: Tx, window: Window, wanted: BookingFilter) -> Rows:
    """The bookings by their beginning; of an enterprise, those of all that it was merged with."""
    statement = sa.select(Booking).where(await _visible(tx), *_conditions(wanted))
    if wanted.enterprise_id is not None:
        same = await same_as(tx, wanted.enterprise_id)
        statement = statement.where(col(Booking.enterprise_id).in_(same))
    keys = [col(Booking.starts_at), col(Booking.id)]
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following


async def open_bookings_of(tx: Tx, enterprise_id: UUID) -> int:
    """How many bookings an enterprise has open, those of mentoring sessions not counted.

    Whoever else asks for the same enterprise waits until this tx ends.
    """
    same = await same_as(tx, enterprise_id)
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(min(same)), 0))
    await tx.execute(sa.select(lock))
    statement = sa.select(sa.func.count()).where(
        col(Booking.enterprise_id).in_(same),
        col(Booking.status).in_(("pending", "confirmed")),
        col(Booking.session_id).is_(None),
    )
    return int(await tx.scalar(statement) or 0)


async def future_of(tx: Tx, enterprise_id: UUID) -> Sequence[Booking]:
    """The bookings of an enterprise that have not begun, in hand, in the order of their ids."""
    same = await same_as(tx, enterprise_id)
    statement = sa.select(Booking).where(
        col(Booking.enterprise_id).in_(same), col(Booking.status).in_(("pending", "confirmed"))
    )
    return await _in_hand(tx, statement)


async def in_the_way(tx: Tx, facility_id: UUID, closed: Interval) -> Sequence[Booking]:
    """The bookings that use a facility in an interval, in hand, in the order of their ids."""
    table = occupied_place.c
    during = sa.func.tstzrange(closed.start, closed.end)
    holders = sa.select(table.holder_id).where(
        table.facility_id == facility_id, table.during.op("&&")(during)
    )
    statement = sa.select(Booking).where(
        col(Booking.id).in_(holders),
        col(Booking.status).in_(HOLDING),
        col(Booking.starts_at) < closed.end,
        col(Booking.ends_at) > closed.start,
    )
    return await _in_hand(tx, statement)


async def facilities_of_session(tx: Tx, session_id: UUID) -> frozenset[UUID]:
    """The facilities of which a mentoring session has places now."""
    statement = sa.select(Booking).where(
        col(Booking.session_id) == session_id, col(Booking.status).in_(HOLDING)
    )
    return frozenset(one for held in await tx.scalars(statement) for one in held.facility_ids)


async def of_session(tx: Tx, session_id: UUID) -> Sequence[Booking]:
    """All bookings that a mentoring session has or had, in hand, in the order of their ids."""
    return await _in_hand(tx, sa.select(Booking).where(col(Booking.session_id) == session_id))


async def _in_hand(tx: Tx, statement: sa.Select[Booking]) -> Sequence[Booking]:
    statement = statement.order_by(col(Booking.id)).with_for_update()
    found = await tx.scalars(statement.execution_options(populate_existing=True))
    return found.all()


async def _visible(tx: Tx) -> sa.ColumnElement[bool]:
    within = visible_to(tx.actor, _BOOKING)
    own = await enterprises_of(tx, tx.actor.person_id if tx.actor else None)
    return sa.or_(within, col(Booking.enterprise_id).in_(own)) if own else within


def _conditions(wanted: BookingFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.unit_id is not None:
        conditions.append(col(Booking.unit_id) == wanted.unit_id)
    if wanted.facility_id is not None:
        conditions.append(col(Booking.lines).contains([{"facility_id": str(wanted.facility_id)}]))
    if wanted.status is not None:
        conditions.append(col(Booking.status) == wanted.status)
    if wanted.starts_from is not None:
        conditions.append(col(Booking.starts_at) >= wanted.starts_from)
    if wanted.starts_before is not None:
        conditions.append(col(Booking.starts_at) < wanted.starts_before)
    return conditions
