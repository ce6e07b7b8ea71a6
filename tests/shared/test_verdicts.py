"""What is done with an event follows from a table, whatever the event and the failure."""

from typing import Any
from uuid import uuid5

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.refusals import Invalid, NotFound, NotYetKnown, Stale, Unavailable
from shared.streams.codec import EnvelopeError, Event, UnknownType
from shared.streams.progress import LOOK_BEHIND, STALLED_AFTER, Progress
from shared.streams.verdicts import (
    Failure,
    Fork,
    Position,
    Verdict,
    decide,
    failure_of,
    hold_for,
    rest_for,
)
from tests.support.messages import ENTERPRISE, an_event

ids = st.sampled_from([uuid5(ENTERPRISE, name) for name in "ab"])
places = st.tuples(st.integers(1, 3), st.integers(1, 4))
positions = st.none() | st.builds(lambda place, event: (*place, event), places, ids)
events = st.builds(
    lambda place, event: an_event(epoch=place[0], seq=place[1], event_id=event), places, ids
)
garbage = st.sampled_from([EnvelopeError("no event"), UnknownType("a later type")])


@given(position=positions, event=events | garbage, parked=st.booleans())
def test_each_event_has_one_verdict(
    *, position: Position | None, event: Event[Any] | EnvelopeError, parked: bool
) -> None:
    verdict = decide(position, event, parked=parked)

    assert verdict is _table(position, event, parked=parked)


def _table(
    position: Position | None, event: Event[Any] | EnvelopeError, *, parked: bool
) -> Verdict:
    """The decision table, line by line, as it is written down."""
    match event:
        case UnknownType():
            return Verdict.IGNORE
        case EnvelopeError():
            return Verdict.POISON
        case _ if parked:
            return Verdict.PARKED
        case Event(epoch=epoch, seq=seq, id=event_id):
            if position is None or (epoch, seq) > (position[0], position[1]):
                return Verdict.APPLY
            if (epoch, seq, event_id) == position:
                return Verdict.DUPLICATE
            return Verdict.FORK if (epoch, seq) == position[:2] else Verdict.STALE


@given(positions, events)
def test_an_event_that_was_applied_is_never_applied_again(
    position: Position | None, event: Event[Any]
) -> None:
    if decide(position, event) is Verdict.APPLY:
        assert decide((*event.position, event.id), event) is Verdict.DUPLICATE


def _of_database(sqlstate: str) -> DBAPIError:
    raised = asyncpg.PostgresError()
    raised.sqlstate = sqlstate  # type: ignore[misc]  # asyncpg has a class for each code
    return DBAPIError("SELECT", None, raised)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Fork(), Failure.FORK),
        (NotYetKnown("Come again."), Failure.NOT_YET),
        (Unavailable("The key store is away."), Failure.OUTAGE),
        (PoolTimeout(), Failure.OUTAGE),
        (TimeoutError(), Failure.OUTAGE),
        (ConnectionResetError(), Failure.OUTAGE),
        (OperationalError("SELECT", None, ConnectionRefusedError()), Failure.OUTAGE),
        (InterfaceError("SELECT", None, asyncpg.InterfaceError("closed")), Failure.OUTAGE),
        (_of_database("40001"), Failure.OUTAGE),
        (_of_database("40P01"), Failure.OUTAGE),
        (_of_database("57P01"), Failure.OUTAGE),
        (_of_database("57014"), Failure.OUTAGE),
        (_of_database("53300"), Failure.OUTAGE),
        (_of_database("08006"), Failure.OUTAGE),
        (_of_database("55P03"), Failure.OUTAGE),
        (_of_database("25006"), Failure.OUTAGE),
        (_of_database("23505"), Failure.FAULT),
        (_of_database("22P02"), Failure.FAULT),
        (_of_database("42703"), Failure.FAULT),
        (Stale("It was changed."), Failure.FAULT),
        (NotFound("There is none."), Failure.FAULT),
        (Invalid("It is against a rule."), Failure.FAULT),
        (KeyError("name"), Failure.FAULT),
        (ZeroDivisionError(), Failure.FAULT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_an_outage_is_told_from_what_is_wrong_with_one_event(
    error: Exception, failure: Failure
) -> None:
    assert failure_of(error) is failure


@given(st.integers(1, 10_000))
def test_pauses_grow_and_have_an_end(attempts: int) -> None:
    assert 0.1 <= hold_for(attempts) <= 30
    assert 1 <= rest_for(attempts) <= 600


class Clock:
    """Tells the time it is given."""

    now = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def a_progress() -> tuple[Progress, Clock]:
    """A listener that has just joined its group."""
    clock = Clock()
    progress = Progress(clock)
    progress.polled(0)
    return progress, clock


def test_who_looks_and_finds_nothing_because_there_is_nothing_is_well() -> None:
    progress, clock = a_progress()

    for _ in range(1_000):
        clock.now += 1
        progress.polled(0)
        if progress.wants_a_look_behind:
            progress.found(0)
        assert not progress.stalled


def test_who_no_longer_looks_is_stalled() -> None:
    progress, clock = a_progress()

    clock.now += STALLED_AFTER + 1

    assert progress.stalled


def test_who_looks_and_is_given_nothing_although_there_is_something_is_stalled() -> None:
    progress, clock = a_progress()

    looks = 0
    while not progress.stalled:
        clock.now += 1
        progress.polled(0)
        if progress.wants_a_look_behind:
            looks += 1
            progress.found(7)

    assert STALLED_AFTER < clock.now - 1_000 < STALLED_AFTER + LOOK_BEHIND
    assert looks <= 5
    progress.polled(7)
    assert not progress.stalled


def test_joining_a_group_however_long_is_no_stall() -> None:
    progress, clock = a_progress()

    progress.joins()
    clock.now += 1_000

    assert not progress.stalled
