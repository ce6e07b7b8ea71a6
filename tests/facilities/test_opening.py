"""Opening hours are by the clock on the unit's wall, in each of Indonesia's three zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.facilities.models.intervals import Interval
from services.facilities.models.opening import ZONES, Opening, day_of, midnight, open_intervals
from shared.indonesia.regions import TimeZone

MONDAY = date(2026, 11, 30)
OFFICE = [Opening(day, 8 * 60, 16 * 60) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)]
)
def test_eight_in_the_morning_is_another_instant_in_each_zone(zone: TimeZone, hour: int) -> None:
    start = midnight(MONDAY, zone)

    [opened] = open_intervals(OFFICE, zone, Interval(start, start + timedelta(days=1)))

    assert opened.start.astimezone(UTC).hour == hour
    assert opened.length == timedelta(hours=8)


@given(st.sampled_from(sorted(ZONES)), st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001 (put into zones below)
def test_the_zones_are_those_of_the_time_zone_database(zone: str, instant: datetime) -> None:
    there = instant.replace(tzinfo=UTC)

    assert there.astimezone(ZONES[zone]).utcoffset() == there.astimezone(ZoneInfo(zone)).utcoffset()


def test_a_week_opens_on_the_days_that_are_named() -> None:
    start = midnight(MONDAY, "Asia/Jakarta")

    opened = open_intervals(OFFICE, "Asia/Jakarta", Interval(start, start + timedelta(days=7)))

    days = [day_of(interval.start, "Asia/Jakarta") for interval in opened]
    assert days == [MONDAY + timedelta(days=n) for n in range(5)]


def test_a_break_at_noon_parts_the_day() -> None:
    hours = [Opening(1, 8 * 60, 12 * 60), Opening(1, 13 * 60, 16 * 60)]
    start = midnight(MONDAY, "Asia/Jakarta")

    opened = open_intervals(hours, "Asia/Jakarta", Interval(start, start + timedelta(days=1)))

    assert [interval.length for interval in opened] == [timedelta(hours=4), timedelta(hours=3)]


def test_what_never_closes_is_one_interval_over_midnight() -> None:
    always = [Opening(day, 0, 24 * 60) for day in range(1, 8)]
    start = midnight(MONDAY, "Asia/Jayapura") + timedelta(hours=5)
    window = Interval(start, start + timedelta(days=30))

    assert open_intervals(always, "Asia/Jayapura", window) == [window]


def test_hours_are_cut_to_the_window() -> None:
    start = midnight(MONDAY, "Asia/Jakarta") + timedelta(hours=9)
    window = Interval(start, start + timedelta(hours=1))

    assert open_intervals(OFFICE, "Asia/Jakarta", window) == [window]


@pytest.mark.parametrize("hours", [0, -3])
def test_nothing_is_open_in_a_window_that_is_over(hours: int) -> None:
    start = midnight(MONDAY, "Asia/Jakarta") + timedelta(hours=12)
    window = Interval(start, start + timedelta(hours=hours))

    assert open_intervals(OFFICE, "Asia/Jakarta", window) == []
