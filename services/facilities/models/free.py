"""When something can be used: opening hours without closures, and places that are not taken."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from services.facilities.models.intervals import Interval, longest, without

Taken = Mapping[int, Sequence[Interval]]
"""When each place is taken, with the buffers of whatever takes it; one that is free is left out."""


@dataclass(frozen=True, slots=True)
class Buffers:
    """The time around a use in which nobody else may have the place."""

    before: timedelta
    after: timedelta

    def around(self, use: Interval) -> Interval:
        """What a use takes of its places."""
        return use.widened(self.before, self.after)

    def excluded_by(self, taken: Iterable[Interval]) -> list[Interval]:
        """Where no use may be because of what takes the place, buffers of both left free."""
        before, after = self.after, self.before
        return [Interval(start - before, end + after) for start, end in taken]


def free_intervals(
    usable: Sequence[Interval], taken: Taken, buffers: Buffers, places: int, wanted: int
) -> list[Interval]:
    """The longest intervals throughout which `wanted` of the places are free.

    A use keeps its places from beginning to end, so two such intervals that overlap are not one.
    """
    untouched = places - len(taken)
    if wanted > places:
        return []
    if wanted <= untouched:
        return list(usable)
    free = [without(usable, buffers.excluded_by(intervals)) for intervals in taken.values()]
    if len(free) == 1:
        return free[0]
    return longest(_throughout(chain.from_iterable(free), wanted - untouched))


def _throughout(free: Iterable[Interval], wanted: int) -> Iterator[Interval]:
    """From each beginning for as long as `wanted` of the places that are free then stay so."""
    ends: list[datetime] = []
    for start, end in sorted(free):
        del ends[: bisect_right(ends, start)]
        insort(ends, end)
        if len(ends) >= wanted:
            yield Interval(start, ends[-wanted])
