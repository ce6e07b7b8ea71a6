"""The rules of facilities and tenancies, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.facilities.errors import (
    DaysImpossible,
    FacilityClosed,
    FacilityOpen,
    NothingChanged,
    WrongStatus,
)
from services.facilities.models import Facility, Tenancy
from services.facilities.models.intervals import Interval

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
BEFORE = NINE - timedelta(days=7)
HOUR = timedelta(hours=1)
FACILITY = uuid4()


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

    assert facility.open_operations(leased=False) == ("reopen_facility",)
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
