"""The days that agreements go by: a day begins and ends as it does in Jakarta."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Final

JAKARTA: Final = timezone(timedelta(hours=7), "WIB")
"""Seven hours ahead of UTC, all year (Keppres 41/1987)."""


def day_of(instant: datetime) -> date:
    """The day that it is in Jakarta at an instant."""
    return instant.astimezone(JAKARTA).date()


def end_of(day: date) -> datetime:
    """The instant at which a day is over in Jakarta: the first of the next."""
    return datetime.combine(day + timedelta(days=1), time.min, JAKARTA)
