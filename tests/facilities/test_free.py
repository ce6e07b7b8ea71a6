"""What is said to be free can be used, and what can be used is said to be free."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.facilities.models.alternatives import MOST, Option, nearest
from services.facilities.models.free import Buffers, Taken, free_intervals
from services.facilities.models.intervals import Interval
from tests.facilities.test_intervals import at

OPEN = at(0, 60)
ONE, OTHER = UUID(int=1), UUID(int=2)


def _interval(ends: tuple[int, int]) -> Interval:
    first, last = sorted(ends)
    return at(first, last + 1)


INTERVAL = st.tuples(st.integers(0, 59), st.integers(0, 59)).map(_interval)
TAKEN = st.dictionaries(st.integers(1, 4), st.lists(INTERVAL, min_size=1, max_size=3), max_size=4)
BUFFERS = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(
    lambda pair: Buffers(timedelta(minutes=pair[0]), timedelta(minutes=pair[1]))
)


def _can_be_used(use: Interval, taken: Taken, buffers: Buffers, wanted: int) -> bool:
    """The same question asked place by place."""
    around = buffers.around(use)
    free = [
        place
        for place in range(1, 5)
        if not any(around.overlaps(other) for other in taken.get(place, ()))
    ]
    return OPEN.contains(use) and len(free) >= wanted


@given(TAKEN, BUFFERS, st.integers(1, 5), INTERVAL)
def test_a_use_fits_into_a_free_interval_exactly_when_enough_places_are_free(
    taken: Taken, buffers: Buffers, wanted: int, use: Interval
) -> None:
    free = free_intervals([OPEN], taken, buffers, 4, wanted)

    assert any(interval.contains(use) for interval in free) == _can_be_used(
        use, taken, buffers, wanted
    )


def test_two_places_that_are_free_one_after_the_other_are_no_long_interval() -> None:
    taken = {1: [at(0, 30)], 2: [at(30, 60)]}
    none = Buffers(timedelta(), timedelta())

    assert free_intervals([OPEN], taken, none, 2, 1) == [at(0, 30), at(30, 60)]


def test_the_nearest_times_come_first_and_all_facilities_of_an_option_together() -> None:
    options = [Option((ONE, OTHER), [at(0, 20), at(45, 60)]), Option((OTHER,), [at(25, 50)])]

    slots = nearest(options, at(30, 40))

    starts = [(slot.facility_id, slot.starts_at) for slot in slots]
    assert starts == [
        (OTHER, at(30, 40).start),
        (ONE, at(45, 55).start),
        (OTHER, at(45, 55).start),
        (ONE, at(10, 20).start),
        (OTHER, at(10, 20).start),
    ]


@given(st.lists(INTERVAL, max_size=20), INTERVAL)
def test_an_alternative_is_free_and_as_long_as_what_was_wanted(
    free: list[Interval], wanted: Interval
) -> None:
    slots = nearest([Option((ONE,), free)], wanted)

    assert len(slots) <= MOST
    for slot in slots:
        use = Interval(slot.starts_at, slot.ends_at)
        assert use.length == wanted.length
        assert any(interval.contains(use) for interval in free)
