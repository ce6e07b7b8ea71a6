"""Working days leave out weekends, national holidays and collective leave."""

from datetime import date

import pytest

from shared.indonesia.working_days import after_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),  # cuti bersama
        (date(2026, 12, 25), False),  # libur nasional
        (date(2026, 12, 26), False),  # a Saturday
        (date(2026, 12, 27), False),  # a Sunday
        (date(2026, 12, 28), True),
    ],
)
def test_offices_are_closed_on_holidays_leave_and_weekends(day: date, *, works: bool) -> None:
    assert is_working_day(day) == works


def test_the_day_itself_does_not_count() -> None:
    assert after_working_days(date(2026, 12, 1), 3) == date(2026, 12, 4)
    assert after_working_days(date(2026, 12, 22), 3) == date(2026, 12, 29)
    assert after_working_days(date(2026, 12, 1), 0) == date(2026, 12, 1)


def test_of_a_year_without_a_decree_the_weekends_are_known() -> None:
    assert is_working_day(date(2199, 8, 16))
    assert not is_working_day(date(2199, 8, 17))  # a Saturday, whatever else it is
