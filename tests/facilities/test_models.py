"""The rules of facilities, bookings and tenancies, without a database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest

from services.facilities.errors import (
    DaysImpossible,
    FacilityClosed,
    FacilityOpen,
    FollowsSession,
    NothingChanged,
    TimeImpossible,
    TooEarly,
    WrongStatus,
)
from services.facilities.models import Booking, Facility, Tenancy
from services.facilities.models.booking import ANSWER, GRACE, HOLDING, REPORT, refuse_impossible
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


def a_facility(**changes: object) -> Facility:
    facts: dict[str, Any] = {
        "id": FACILITY,
        "unit_id": uuid4(),
        "region_code": "35.79",
        "time_zone": "Asia/Jakarta",
        "code": "R-201",
        "name": "Ruang Rapat",
        "kind": "meeting_room",
        "places": 1,
        "hours": [{"weekday": 2, "opens": "08:00", "closes": "17:00"}],
    }
    return Facility(**facts | changes)


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

    assert "move_booking" not in booking.open_operations
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


def test_a_facility_is_used_when_it_is_open_and_no_closure_is_in_the_way() -> None:
    facility = a_facility()
    use = Interval(NINE, NINE + HOUR)  # 16:00 to 17:00 in Jakarta, a Tuesday
    later = Interval(NINE, NINE + HOUR * 2)

    assert facility.unusable(use) is None
    assert facility.unusable(later) == "outside_opening_hours"
    assert facility.usable(later, [Interval(use.end, later.end)]) == [use]
    assert facility.usable(use, [Interval(BEFORE, NINE + HOUR / 2)]) == [
        Interval(NINE + HOUR / 2, use.end)
    ]

    facility.close()
    assert facility.unusable(use) == "facility_closed"
    assert facility.usable(use, ()) == []


def test_a_closed_facility_is_changed_by_nothing_but_reopening_it() -> None:
    facility = a_facility()

    with pytest.raises(FacilityOpen):
        facility.reopen()
    with pytest.raises(NothingChanged):
        facility.change({"places": 1})
    facility.close()
    for act in (facility.close, lambda: facility.change({"places": 2})):
        with pytest.raises(FacilityClosed):
            act()

    assert facility.open_operations == ("reopen_facility",)
    facility.reopen()
    facility.change({"places": 2})
    assert (facility.status, facility.places) == ("open", 2)


def a_tenancy(first: date, last: date) -> Tenancy:
    return Tenancy(
        id=uuid4(),
        unit_id=uuid4(),
        region_code="91.01",
        time_zone="Asia/Jayapura",
        enterprise_id=uuid4(),
        facility_id=FACILITY,
        place=1,
        kind="display",
        starts_on=first,
        ends_on=last,
    )


def test_a_tenancy_lasts_from_midnight_to_midnight_where_its_unit_is() -> None:
    tenancy = a_tenancy(date(2026, 12, 1), date(2026, 12, 31))

    tenancy.agree(NINE)

    assert tenancy.during.start == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert tenancy.during.end == datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert tenancy.due_at == tenancy.during.start
    tenancy.lapse(NINE)
    started = tenancy.model_copy()
    tenancy.lapse(tenancy.during.end)
    assert (started.status, started.due_at) == ("active", tenancy.during.end)
    assert (tenancy.status, tenancy.reason, tenancy.ends_on) == (
        "ended",
        "expired",
        date(2026, 12, 31),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 30), date(2026, 12, 31)),
        (date(2026, 12, 2), date(2026, 12, 1)),
        (date(2026, 12, 2), date(2032, 1, 1)),
    ],
)
def test_days_that_cannot_be_agreed_are_refused(first: date, last: date) -> None:
    with pytest.raises(DaysImpossible):
        a_tenancy(first, last).agree(NINE)


def test_a_tenancy_that_ends_early_ends_today() -> None:
    tenancy = a_tenancy(date(2026, 12, 1), date(2026, 12, 31))
    tenancy.agree(NINE)
    tenancy.lapse(NINE)

    tenancy.end(NINE + timedelta(days=3), "terminated")

    assert (tenancy.status, tenancy.ends_on) == ("ended", date(2026, 12, 4))
    with pytest.raises(WrongStatus):
        tenancy.end(NINE, "terminated")
