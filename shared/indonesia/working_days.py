"""Working days of government offices, as the library lokal-id carries the yearly decrees.

The joint decree of three ministers (SKB 3 Menteri) names the national holidays and the days of
collective leave (cuti bersama) of a year, in the autumn before it. Of a year without a decree yet
only the weekends are known to be off.
"""

from datetime import date, timedelta
from typing import Final

_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """Whether offices work on a day, as far as its year's decree is known."""
    # The library is large to import, so only a question brings it.
    from lokal.holidays import HOLIDAY_YEARS, holidays_on  # noqa: PLC0415

    if day.weekday() >= _SATURDAY:
        return False
    return day.year not in HOLIDAY_YEARS or not holidays_on(day)


def after_working_days(day: date, count: int) -> date:
    """The day on which `count` working days, those after `day`, are completed."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
