"""A mentoring session that wants a room gets one, or hears why not; one that does not gives it up.

A room for a session is the centre's own work, so it needs nobody's approval, and is not counted
against the enterprise's fair use.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.facilities import queries
from services.facilities.copies import UnitCopy
from services.facilities.ids import new_id
from services.facilities.models import Booking, Facility
from services.facilities.use_cases.fitting import fit, free_rooms
from services.facilities.use_cases.places import Taking, Wanted, give_back
from shared.events.facilities import BookingReason, FacilityKind, Slot
from shared.events.mentoring import SessionState
from shared.refusals import NotYetKnown
from shared.streams.log import Tx
from shared.streams.references import known

_ROOMS: Final[tuple[FacilityKind, ...]] = ("consultation_room", "meeting_room")
"""What does for a session that names no kind."""


async def answer_session(tx: Tx, session: SessionState) -> None:
    """Let the bookings of a session be what it now wants. Raises NotYetKnown for its unit."""
    kinds = (session.facility_kind,) if session.facility_kind else _ROOMS
    held = await queries.facilities_of_session(tx, session.id)
    rooms = await queries.rooms(tx, session.unit_id, kinds)
    # Who gives up one place for another must be alone, lest two wait for each other's.
    facilities = await queries.locked(tx, {*held, *rooms}, exclusively=bool(held))
    bookings, now = await queries.of_session(tx, session.id), await tx.now()
    for booking in bookings:
        if booking.holds:
            await _settle(tx, booking, session, now)
    answered = {booking.session_revision for booking in bookings}
    if _wants(session) and session.room == "wanted" and session.revision not in answered:
        by_id = {facility.id: facility for facility in facilities}
        await _give(tx, session, [by_id[room] for room in rooms], now)


async def _settle(tx: Tx, booking: Booking, session: SessionState, now: datetime) -> None:
    """Let a booking that holds places be as its session is; nothing when it is still wanted."""
    current = booking.session_revision == session.revision
    if current and _wants(session):
        return
    if current and session.status == "held":
        booking.complete(max(now, booking.starts_at))
    elif current and session.status == "missed" and booking.status == "confirmed":
        booking.miss(now)
    elif booking.status == "checked_in":
        booking.complete(max(now, booking.starts_at))
    else:
        booking.cancel(now)
    await give_back(tx, booking.id)
    tx.publish(booking, booking.status)


def _wants(session: SessionState) -> bool:
    in_a_room = session.mode == "room" and session.room in ("wanted", "given")
    return in_a_room and session.status == "planned"


async def _give(tx: Tx, session: SessionState, rooms: Sequence[Facility], now: datetime) -> None:
    unit = await known(tx, UnitCopy, session.unit_id)
    if unit is None:
        raise NotYetKnown("The unit of the session has not been heard of.")
    booking = Booking(
        id=new_id(),
        unit_id=session.unit_id,
        region_code=unit["region_code"],
        enterprise_id=session.enterprise_id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status="pending",
        session_id=session.id,
        session_revision=session.revision,
    )
    found = await _first_fit(tx, booking, rooms, now)
    if found.reason is None:
        booking.hold(found.lines, now, confirmed=True)
    else:
        booking.refuse(found.reason, await _instead(tx, booking, rooms))
    tx.add(booking)
    tx.publish(booking, booking.status)


async def _instead(tx: Tx, booking: Booking, rooms: Sequence[Facility]) -> Sequence[Slot]:
    kinds = {room.kind for room in rooms}
    if not kinds or booking.ends_at <= booking.starts_at:
        return ()
    return await free_rooms(tx, booking.unit_id, kinds, booking.use)


async def _first_fit(tx: Tx, booking: Booking, rooms: Sequence[Facility], now: datetime) -> Taking:
    if booking.ends_at <= max(now, booking.starts_at):
        return Taking({}, "expired")
    reasons: list[BookingReason] = []
    for room in rooms:
        found = await fit(tx, booking.id, [room], Wanted({room.id: 1}, booking.use))
        if found.reason is None:
            return found
        reasons.append(found.reason)
    if not reasons:
        return Taking({}, "no_such_facility")
    return Taking({}, "taken" if "taken" in reasons else reasons[0])
