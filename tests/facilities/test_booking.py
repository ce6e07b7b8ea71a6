"""The rules of a booking, without a database."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from services.facilities.errors import (
    FollowsSession,
    TimeImpossible,
    TooEarly,
    WrongStatus,
)
from services.facilities.models import Booking
from services.facilities.models.booking import HOLDING
from services.facilities.models.booking_times import ANSWER, GRACE, REPORT, refuse_impossible
from services.facilities.models.intervals import Interval
from shared.events.facilities import BookingStatus

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
BEFORE = NINE - timedelta(days=7)
HOUR = timedelta(hours=1)
FACILITY = uuid4()


def a_booking(status: BookingStatus = "pending", **changes: object) -> Booking:
    facts: dict[str, Any] = {
        "id": uuid4(),
        "unit_id": uuid4(),
        "region_code": "35.79",
        "starts_at": NINE,
        "ends_at": NINE + HOUR,
        "status": status,
    }
    booking = Booking(**facts | changes)
    booking.hold({FACILITY: [2]}, BEFORE, confirmed=status == "confirmed")
    booking.status = status
    return booking


CHANGES: dict[str, tuple[Callable[[Booking], None], str, set[str]]] = {
    "confirm": (lambda b: b.confirm(NINE), "confirmed", {"pending"}),
    "reject": (lambda b: b.reject(NINE), "rejected", {"pending"}),
    "check in": (lambda b: b.check_in(NINE), "checked_in", {"confirmed"}),
    "complete": (lambda b: b.complete(NINE), "completed", {"confirmed", "checked_in"}),
    "miss": (lambda b: b.miss(NINE), "no_show", {"confirmed"}),
    "cancel": (lambda b: b.cancel(NINE), "cancelled", {"pending", "confirmed"}),
    "displace": (lambda b: b.displace(NINE), "displaced", set(HOLDING)),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("status", get_args(BookingStatus))
def test_each_status_is_reached_from_where_it_may_be_and_from_nowhere_else(
    change: str, status: BookingStatus
) -> None:
    act, to, froms = CHANGES[change]
    booking = a_booking(status=status)

    if status in froms:
        act(booking)
        assert booking.status == to
    else:
        with pytest.raises(WrongStatus):
            act(booking)
        assert booking.status == status


@pytest.mark.parametrize("status", get_args(BookingStatus))
def test_time_acts_on_what_holds_places_and_on_nothing_else(status: BookingStatus) -> None:
    booking = a_booking()
    booking.status = status

    booking.hold({FACILITY: [1]}, BEFORE, confirmed=status == "confirmed")

    assert (booking.due_at is not None) == booking.holds
    booking.displace(NINE)
    assert (booking.due_at, booking.holds) == (None, False)


def test_an_answer_is_waited_for_until_it_begins_at_the_latest() -> None:
    booking, soon = a_booking(), a_booking()

    booking.hold({FACILITY: [1]}, BEFORE, confirmed=False)
    soon.hold({FACILITY: [1]}, NINE - HOUR, confirmed=False)

    assert booking.due_at == BEFORE + ANSWER
    assert soon.due_at == NINE


def test_what_nobody_answered_is_rejected_and_who_does_not_come_is_missed() -> None:
    unanswered, missed, left = a_booking(), a_booking(status="confirmed"), a_booking()
    left.confirm(BEFORE)
    left.check_in(NINE)

    unanswered.lapse(NINE)
    missed.lapse(NINE + GRACE)
    left.lapse(NINE + HOUR)

    assert (unanswered.status, unanswered.reason) == ("rejected", "expired")
    assert (missed.status, left.status) == ("no_show", "completed")


def test_a_place_is_kept_for_half_an_hour_and_for_a_session_until_it_is_told_of() -> None:
    booking, short, ours = a_booking(), a_booking(), a_booking(session_id=uuid4())
    short.ends_at = NINE + timedelta(minutes=10)

    for each in (booking, short, ours):
        each.confirm(BEFORE)

    assert booking.due_at == NINE + GRACE
    assert short.due_at == short.ends_at
    assert ours.due_at == ours.ends_at + REPORT


def test_nobody_checks_in_earlier_than_half_an_hour_or_completes_what_has_not_begun() -> None:
    booking = a_booking(status="confirmed")

    with pytest.raises(TooEarly):
        booking.check_in(NINE - GRACE - timedelta(seconds=1))
    with pytest.raises(TooEarly):
        booking.complete(NINE - timedelta(seconds=1))

    booking.check_in(NINE - GRACE)
    assert booking.status == "checked_in"


@pytest.mark.parametrize("status", ["pending", "confirmed"])
def test_nobody_gives_up_what_has_begun_but_what_it_was_for_may_end(status: BookingStatus) -> None:
    booking, soon = a_booking(status=status), a_booking(status=status)

    soon.give_up(NINE - timedelta(seconds=1))
    with pytest.raises(WrongStatus):
        booking.give_up(NINE)

    assert (soon.status, booking.status) == ("cancelled", status)
    booking.cancel(NINE, "enterprise_closed")
    assert booking.reason == "enterprise_closed"


OPERATIONS: dict[str, Callable[[Booking, datetime], None]] = {
    "confirm_booking": Booking.confirm,
    "reject_booking": Booking.reject,
    "move_booking": lambda booking, _: booking.refuse_unless_movable(),
    "check_in_booking": Booking.check_in,
    "complete_booking": Booking.complete,
    "cancel_booking": Booking.give_up,
}
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("status", get_args(BookingStatus))
@pytest.mark.parametrize(
    "now", [NINE - GRACE - SECOND, NINE - GRACE, NINE - SECOND, NINE, NINE + HOUR]
)
@pytest.mark.parametrize("session_id", [None, FACILITY], ids=["", "for a session"])
def test_what_is_open_is_what_would_be_done_at_this_time(
    status: BookingStatus, now: datetime, session_id: UUID | None
) -> None:
    possible = set()
    for name, act in OPERATIONS.items():
        with suppress(WrongStatus, TooEarly, FollowsSession):
            act(a_booking(status=status, session_id=session_id), now)
            possible.add(name)

    found = a_booking(status=status, session_id=session_id).open_operations(now)

    assert set(found) == possible


MOVES = [
    (timedelta(), HOUR / 2, False, "confirmed"),
    (timedelta(), HOUR * 2, False, "pending"),
    (HOUR, HOUR * 2, False, "pending"),
    (HOUR, HOUR * 2, True, "confirmed"),
]


@pytest.mark.parametrize(("start", "end", "approved", "status"), MOVES)
def test_to_shorten_needs_no_approval_and_to_move_needs_it_again(
    start: timedelta, end: timedelta, *, approved: bool, status: str
) -> None:
    booking = a_booking(status="confirmed")
    use = Interval(NINE + start, NINE + end)

    booking.move(use, {FACILITY: [3]}, BEFORE, approved=approved)

    assert (booking.status, booking.use) == (status, use)
    assert booking.lines == [{"facility_id": str(FACILITY), "places": [3]}]


def test_a_sessions_booking_follows_its_session() -> None:
    booking = a_booking(status="confirmed", session_id=uuid4())

    assert "move_booking" not in booking.open_operations(BEFORE)
    with pytest.raises(FollowsSession):
        booking.move(booking.use, {FACILITY: [1]}, BEFORE, approved=True)


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (timedelta(), HOUR),
        (-HOUR, HOUR),
        (timedelta(days=367), HOUR),
        (HOUR, timedelta(minutes=4)),
        (HOUR, timedelta(days=7, seconds=1)),
        (HOUR, -HOUR),
    ],
)
def test_a_time_that_cannot_be_is_refused(start: timedelta, length: timedelta) -> None:
    with pytest.raises(TimeImpossible):
        refuse_impossible(Interval(NINE + start, NINE + start + length), NINE)
