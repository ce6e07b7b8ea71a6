"""Opening hours: when in the week a facility is open, by the clock on its unit's wall.

Indonesia has three zones, and none has summer time (Keppres 41/1987), so each is an offset.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, Final, NamedTuple

from services.facilities.models.intervals import Interval, merged
from shared.indonesia.regions import TimeZone

ZONES: Final[Mapping[str, timezone]] = {
    "Asia/Jakarta": timezone(timedelta(hours=7), "WIB"),
    "Asia/Makassar": timezone(timedelta(hours=8), "WITA"),
    "Asia/Jayapura": timezone(timedelta(hours=9), "WIT"),
}
_DAY: Final = timedelta(days=1)


class Opening(NamedTuple):
    """On a day of the week (ISO 8601: Monday is 1) from some minute of the day to another."""

    weekday: int
    opens: int
    closes: int

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Opening":
        """Read what is written as {"weekday": 1, "opens": "08:00", "closes": "24:00"}."""
        return cls(kept["weekday"], minutes(kept["opens"]), minutes(kept["closes"]))

    @property
    def since_midnight(self) -> tuple[timedelta, timedelta]:
        """How long after the beginning of the day it opens and closes."""
        return timedelta(minutes=self.opens), timedelta(minutes=self.closes)


def minutes(clock: str) -> int:
    """The minute of the day at which a clock shows "08:30"; the day ends at "24:00"."""
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)


def open_intervals(
    openings: Iterable[Opening], zone: TimeZone | str, window: Interval
) -> list[Interval]:
    """When it is open within a window, in order and in UTC; over midnight it is one interval."""
    by_day: dict[int, list[tuple[timedelta, timedelta]]] = {}
    for opening in openings:
        by_day.setdefault(opening.weekday, []).append(opening.since_midnight)
    wanted = window.in_utc
    hours = merged(
        Interval(begins + opens, begins + closes)
        for weekday, begins in _days(wanted, zone)
        for opens, closes in by_day.get(weekday, ())
    )
    return [left for each in hours if (left := each.within(wanted)).start < left.end]


def midnight(day: date, zone: TimeZone | str) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time.min, ZONES[zone])


def day_of(instant: datetime, zone: TimeZone | str) -> date:
    """The day that it is in a zone at an instant."""
    return instant.astimezone(ZONES[zone]).date()


def _days(window: Interval, zone: TimeZone | str) -> Iterator[tuple[int, datetime]]:
    """The days of the week that a window touches, and when each begins.

    In UTC, as all that is reckoned with: to compare instants of two zones takes many times as long.
    """
    first = day_of(window.start, zone)
    weekday, begins = first.isoweekday(), midnight(first, zone).astimezone(UTC)
    while begins < window.end:
        yield weekday, begins
        weekday, begins = weekday % 7 + 1, begins + _DAY
