"""Intervals behave as the sets of minutes that they stand for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.facilities.models.intervals import Interval, common, longest, merged, without

DAY = datetime(2026, 12, 1, tzinfo=UTC)


def at(first: int, last: int) -> Interval:
    return Interval(DAY + timedelta(minutes=first), DAY + timedelta(minutes=last))


def minutes(intervals: list[Interval]) -> set[int]:
    """The minutes of the day that lie in any of them."""
    return {
        minute
        for interval in intervals
        for minute in range(
            int((interval.start - DAY).total_seconds()) // 60,
            int((interval.end - DAY).total_seconds()) // 60,
        )
    }


INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: at(*sorted(ends))),
    max_size=8,
)


@given(INTERVALS)
def test_merged_intervals_have_the_same_minutes_and_do_not_touch(intervals: list[Interval]) -> None:
    found = merged(intervals)

    assert minutes(found) == minutes(intervals)
    assert all(one.end < other.start for one, other in pairwise(found))


@given(INTERVALS, INTERVALS)
def test_what_is_taken_away_is_gone_and_nothing_else(
    intervals: list[Interval], taken: list[Interval]
) -> None:
    found = without(merged(intervals), taken)

    assert minutes(found) == minutes(intervals) - minutes(taken)


@given(INTERVALS, INTERVALS)
def test_what_two_lists_have_in_common_lies_in_both(
    some: list[Interval], others: list[Interval]
) -> None:
    found = common(merged(some), merged(others))

    assert minutes(found) == minutes(some) & minutes(others)


@given(INTERVALS)
def test_the_longest_intervals_contain_all_others(intervals: list[Interval]) -> None:
    found = longest(intervals)

    assert all(any(one.contains(each) for one in found) for each in intervals)
    assert not any(one.contains(other) for one in found for other in found if one != other)


def test_what_begins_when_another_ends_does_not_overlap_it() -> None:
    assert not at(0, 30).overlaps(at(30, 60))
    assert at(0, 31).overlaps(at(30, 60))
