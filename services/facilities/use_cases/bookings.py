"""What can be done with bookings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.facilities import queries
from services.facilities.errors import (
    NOT_FREE,
    BeyondFairUse,
    EnterpriseClosed,
    FacilitiesApart,
    FacilityUnknown,
    TooManyPlaces,
)
from services.facilities.ids import new_id
from services.facilities.models import Booking, Facility
from services.facilities.models.booking import Lines
from services.facilities.models.booking_times import refuse_impossible
from services.facilities.schemas import MoveBooking, RequestBooking
from services.facilities.use_cases.fitting import alternatives, fit
from services.facilities.use_cases.places import Wanted, give_back
from shared.refusals import Forbidden
from shared.streams.log import Tx
from shared.web.etags import Versions

FAIR_USE: Final = 5
"""Bookings that an enterprise may have open at a time, so that no one hoards what all share."""


async def request_booking(tx: Tx, command: RequestBooking) -> Booking:
    """Book places of one or more facilities, all or nothing.

    Raises NotYetKnown, EnterpriseClosed, FacilityUnknown, FacilitiesApart, TooManyPlaces,
    Forbidden, TimeImpossible, NotFree, BeyondFairUse.
    """
    wanted = Wanted(command.counts, command.use)
    owners = await _owners(tx, command.enterprise_id)
    facilities, now = await _bookable(tx, wanted), await tx.now()
    _refuse_unless_within_reach(tx, facilities[0], command.enterprise_id, owners)
    refuse_impossible(wanted.use, now)
    booking_id = new_id()
    lines = await _fitted(tx, booking_id, facilities, wanted)
    await _refuse_beyond_fair_use(tx, command.enterprise_id)
    booking = Booking(
        id=booking_id,
        unit_id=facilities[0].unit_id,
        region_code=facilities[0].region_code,
        enterprise_id=command.enterprise_id,
        purpose=command.purpose,
        starts_at=wanted.use.start,
        ends_at=wanted.use.end,
        status="pending",
    )
    booking.hold(lines, now, confirmed=_needs_no_approval(facilities))
    tx.add(booking)
    tx.publish(booking, "confirmed" if booking.status == "confirmed" else "requested")
    return booking


async def confirm_booking(tx: Tx, booking_id: UUID, seen: Versions) -> Booking:
    """Approve it. Raises BookingNotFound, Stale, WrongStatus."""
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.confirm(now)
    tx.publish(booking, "confirmed")
    return booking


async def reject_booking(tx: Tx, booking_id: UUID, seen: Versions) -> Booking:
    """Refuse it. Raises BookingNotFound, Stale, WrongStatus."""
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.reject(now)
    return await _let_go(tx, booking, "rejected")


async def check_in_booking(tx: Tx, booking_id: UUID, seen: Versions) -> Booking:
    """Note that somebody came. Raises BookingNotFound, Stale, WrongStatus, TooEarly."""
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.check_in(now)
    tx.publish(booking, "checked_in")
    return booking


async def complete_booking(tx: Tx, booking_id: UUID, seen: Versions) -> Booking:
    """Note that it was used. Raises BookingNotFound, Stale, WrongStatus, TooEarly."""
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.complete(now)
    return await _let_go(tx, booking, "completed")


async def cancel_booking(tx: Tx, booking_id: UUID, seen: Versions) -> Booking:
    """Give it up. Raises BookingNotFound, Stale, WrongStatus."""
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.give_up(now)
    return await _let_go(tx, booking, "cancelled")


async def move_booking(tx: Tx, booking_id: UUID, seen: Versions, command: MoveBooking) -> Booking:
    """Have the same places at another time, or as many others.

    Raises BookingNotFound, Stale, WrongStatus, TimeImpossible, NotFree.
    """
    found = await queries.booking(tx, booking_id)
    facilities = await queries.locked(tx, found.facility_ids, exclusively=True)
    booking, now = await _in_hand(tx, booking_id, seen)
    booking.refuse_unless_movable()
    refuse_impossible(command.use, now)
    counts = {UUID(line["facility_id"]): len(line["places"]) for line in booking.lines}
    await give_back(tx, booking.id)
    lines = await _fitted(tx, booking.id, facilities, Wanted(counts, command.use))
    booking.move(command.use, lines, now, approved=_needs_no_approval(facilities))
    tx.publish(booking, "moved")
    return booking


async def let_time_act(tx: Tx, booking: Booking) -> None:
    """Do what is due on a booking that the tx has in hand."""
    booking.lapse(await tx.now())
    await _let_go(tx, booking, booking.status)


async def _owners(tx: Tx, enterprise_id: UUID | None) -> Sequence[UUID]:
    if enterprise_id is None:
        return ()
    enterprise = await queries.held_enterprise(tx, enterprise_id)
    if enterprise.status == "closed":
        raise EnterpriseClosed("The enterprise is closed. Reopen it in the registry first.")
    return enterprise.owner_ids


async def _bookable(tx: Tx, wanted: Wanted) -> Sequence[Facility]:
    facilities = await queries.locked(tx, wanted.counts)
    if len(facilities) < len(wanted.counts):
        raise FacilityUnknown("No facility has this id.", pointer="/facilities")
    if len({facility.unit_id for facility in facilities}) > 1:
        raise FacilitiesApart("Book the facilities of each unit apart.", pointer="/facilities")
    for facility in facilities:
        if wanted.counts[facility.id] > facility.places:
            raise TooManyPlaces(
                "It has {places} places. Ask for fewer.",
                pointer="/facilities",
                places=facility.places,
            )
    return facilities


def _refuse_unless_within_reach(
    tx: Tx, facility: Facility, enterprise_id: UUID | None, owners: Sequence[UUID]
) -> None:
    covered = tx.actor is not None and tx.actor.covers(
        unit=facility.unit_id,
        region=facility.region_code,
        enterprise=enterprise_id,
        persons=owners,
    )
    if not covered:
        raise Forbidden("You may not book for this enterprise at this unit.")


async def _fitted(
    tx: Tx, booking_id: UUID, facilities: Sequence[Facility], wanted: Wanted
) -> Lines:
    found = await fit(tx, booking_id, facilities, wanted)
    if found.reason:
        raise NOT_FREE[found.reason](await alternatives(tx, facilities, wanted))
    return found.lines


async def _refuse_beyond_fair_use(tx: Tx, enterprise_id: UUID | None) -> None:
    if enterprise_id and await queries.open_bookings_of(tx, enterprise_id) >= FAIR_USE:
        raise BeyondFairUse(
            "The enterprise has {most} open bookings, as many as one may have. Cancel one first.",
            most=FAIR_USE,
        )


def _needs_no_approval(facilities: Sequence[Facility]) -> bool:
    return all(facility.approval == "automatic" for facility in facilities)


async def _in_hand(tx: Tx, booking_id: UUID, seen: Versions) -> tuple[Booking, datetime]:
    booking = await queries.booking(tx, booking_id, in_hand=True)
    seen.refuse_if_stale(booking.event_seq)
    return booking, await tx.now()


async def _let_go(tx: Tx, booking: Booking, verb: str) -> Booking:
    if not booking.holds:
        await give_back(tx, booking.id)
    tx.publish(booking, verb)
    return booking
