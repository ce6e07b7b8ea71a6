"""Days and times as people who work at a centre count them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.indonesia.working_days import after_working_days

_EARLIEST: Final = ZoneInfo("Asia/Jayapura")
"""Where a day of Indonesia begins first."""


def end_of_working_days(now: datetime, count: int, time_zone: str) -> datetime:
    """The instant at which so many whole working days after today are over, in a zone."""
    zone = ZoneInfo(time_zone)
    last = after_working_days(now.astimezone(zone).date(), count)
    return datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)


def latest_day(now: datetime) -> date:
    """The latest day that it is anywhere in Indonesia."""
    return now.astimezone(_EARLIEST).date()
