"""Intervals of time, half open: what begins when another ends does not touch it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple


class Interval(NamedTuple):
    """From `start`, which is in it, to `end`, which is not."""

    start: datetime
    end: datetime

    @property
    def in_utc(self) -> "Interval":
        """The same instants, written in UTC."""
        return Interval(self.start.astimezone(UTC), self.end.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether there is an instant in both."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """Whether all of the other is in this one."""
        return self.start <= other.start and other.end <= self.end

    def within(self, other: "Interval") -> "Interval":
        """What of it lies in the other; the end is not after the start when nothing does."""
        return Interval(max(self.start, other.start), min(self.end, other.end))

    def widened(self, before: timedelta, after: timedelta) -> "Interval":
        """The same with time before and after it."""
        return Interval(self.start - before, self.end + after)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as disjoint intervals in order; those that meet become one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, end))
        elif start < end:
            found.append(Interval(start, end))
    return found


def without(intervals: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of disjoint intervals in order when others are taken away."""
    gone = merged(taken)
    ends = [each.end for each in gone]
    return [
        left
        for each in intervals
        for left in _rest(each, islice(gone, bisect_right(ends, each.start), None))
    ]


def common(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """The longest intervals that lie in a member of each list; the members may overlap."""
    return longest(one.within(other) for one in some for other in others if one.overlaps(other))


def longest(intervals: Iterable[Interval]) -> list[Interval]:
    """Those that no other one contains, in order."""
    found: list[Interval] = []
    for each in sorted(set(intervals), key=_first_and_longest):
        if not found or each.end > found[-1].end:
            found.append(each)
    return found


def _first_and_longest(interval: Interval) -> tuple[datetime, timedelta]:
    return interval.start, -interval.length


def _rest(interval: Interval, taken: Iterable[Interval]) -> Iterator[Interval]:
    start, end = interval
    for begins, ends in taken:
        if begins >= end:
            break
        if begins > start:
            yield Interval(start, begins)
        start = ends
    if start < end:
        yield Interval(start, end)
