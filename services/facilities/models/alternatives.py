"""What can be had instead: the nearest times at which the same, or the like, is free."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from services.facilities.models.intervals import Interval
from shared.events.facilities import Slot

MOST: Final = 5
"""Times that are offered; more would be a calendar."""


class Option(NamedTuple):
    """Facilities that would do together, and when all of them are free."""

    facility_ids: tuple[UUID, ...]
    free: Sequence[Interval]


def nearest(options: Sequence[Option], wanted: Interval) -> list[Slot]:
    """The times nearest to what is wanted, and as long; each with all facilities of its option."""
    found = [
        (abs(use.start - wanted.start), place, use)
        for place, option in enumerate(options)
        for use in _uses(option.free, wanted)
    ]
    return [
        Slot(facility_id=facility_id, starts_at=use.start, ends_at=use.end)
        for _, place, use in sorted(found)[:MOST]
        for facility_id in options[place].facility_ids
    ]


def _uses(free: Sequence[Interval], wanted: Interval) -> Iterator[Interval]:
    """In each interval that is long enough, the use nearest to the one wanted."""
    for interval in free:
        if interval.length >= wanted.length:
            last: timedelta = interval.length - wanted.length
            start = min(max(wanted.start, interval.start), interval.start + last)
            yield Interval(start, start + wanted.length).in_utc
