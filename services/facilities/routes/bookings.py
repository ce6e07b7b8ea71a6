"""Bookings over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.facilities import queries, use_cases
from services.facilities.queries import BookingFilter
from services.facilities.routes.answers import Answer, own
from services.facilities.routes.turns import IN_TURN
from services.facilities.schemas import BookingView, MoveBooking, RequestBooking
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/bookings", tags=["bookings"], route_class=Operation)


@router.post("", status_code=201, dependencies=[IN_TURN])
async def request_booking(command: RequestBooking, tx: Create, answer: Answer) -> BookingView:
    """Book places of one or more facilities, all or nothing; a 409 names the nearest free times."""
    booking = await use_cases.request_booking(tx, command)
    answer.made(f"bookings/{booking.id}")
    return await answer.booking(tx, booking)


@router.get("")
async def list_bookings(
    wanted: Annotated[BookingFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[BookingView]:
    """Find bookings by their beginning; of an enterprise, those too of what is one with it."""
    found, following = await queries.bookings(tx, window, wanted)
    mine, now = await own(tx, asked), await tx.now()
    return Page(items=[BookingView.of(each, asked, mine, now) for each in found], next=following)


@router.get("/{booking_id}")
async def read_booking(booking_id: UUID, tx: Read, answer: Answer) -> BookingView:
    """Read one booking."""
    return await answer.booking(tx, await queries.booking(tx, booking_id))


@router.post("/{booking_id}/confirm")
async def confirm_booking(
    booking_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> BookingView:
    """Approve a booking that waits for it."""
    return await answer.booking(tx, await use_cases.confirm_booking(tx, booking_id, seen))


@router.post("/{booking_id}/reject")
async def reject_booking(booking_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> BookingView:
    """Refuse a booking that waits for approval."""
    return await answer.booking(tx, await use_cases.reject_booking(tx, booking_id, seen))


@router.post("/{booking_id}/check-in")
async def check_in_booking(
    booking_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> BookingView:
    """Note that somebody came."""
    return await answer.booking(tx, await use_cases.check_in_booking(tx, booking_id, seen))


@router.post("/{booking_id}/complete")
async def complete_booking(
    booking_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> BookingView:
    """Note that it was used; what is left of its time is free again."""
    return await answer.booking(tx, await use_cases.complete_booking(tx, booking_id, seen))


@router.post("/{booking_id}/cancel")
async def cancel_booking(booking_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> BookingView:
    """Give a booking up."""
    return await answer.booking(tx, await use_cases.cancel_booking(tx, booking_id, seen))


@router.post("/{booking_id}/move", dependencies=[IN_TURN])
async def move_booking(
    booking_id: UUID, command: MoveBooking, seen: IfMatch, tx: Write, answer: Answer
) -> BookingView:
    """Have the same at another time; a 409 names the nearest free times."""
    booking = await use_cases.move_booking(tx, booking_id, seen, command)
    return await answer.booking(tx, booking)
