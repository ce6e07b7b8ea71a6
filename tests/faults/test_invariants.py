"""Each checker of a promise sees a breach that was planted; one that sees none proves nothing."""

from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.events import EnterpriseState
from shared.streams.copies import Copy
from tests.support.history import Operation, Outcome, Recorder, history_of
from tests.support.invariants import Said
from tests.support.invariants.acknowledged import broken_acknowledgements
from tests.support.invariants.answered import Answer, answered_otherwise
from tests.support.invariants.atomic import orphans
from tests.support.invariants.converged import rebuilt, unequal
from tests.support.invariants.delivered import undelivered, unheard
from tests.support.invariants.once import repeated
from tests.support.invariants.ordered import fallen, misled_by_compaction, out_of_order
from tests.support.invariants.recovered import not_recovered
from tests.support.messages import EVENT, an_event

FIRST, SECOND, OTHER = (
    Said("a", (1, 1), "a1"),
    Said("a", (1, 2), "a2"),
    Said("b", (1, 1), "b1"),
)


def test_a_history_has_three_outcomes_and_survives_its_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "history.jsonl")

    with recorder.operation("register") as attempt:
        attempt.ok("1")
    with recorder.operation("register", "2") as attempt:
        attempt.fail()
    with pytest.raises(ConnectionError), recorder.operation("register", "3", "4"):
        raise ConnectionError

    read = history_of(tmp_path / "history.jsonl")
    assert [(each.outcome, each.ids) for each in read] == [
        (Outcome.OK, ("1",)),
        (Outcome.FAIL, ("2",)),
        (Outcome.UNKNOWN, ("3", "4")),
    ]
    assert all(each.start <= each.end for each in read)


@pytest.mark.parametrize(
    ("outcome", "present", "breaches"),
    [
        (Outcome.OK, {"x", "y"}, 0),
        (Outcome.OK, {"x"}, 1),
        (Outcome.FAIL, {"z"}, 0),
        (Outcome.FAIL, {"x"}, 1),
        (Outcome.UNKNOWN, {"x", "y"}, 0),
        (Outcome.UNKNOWN, {"z"}, 0),
        (Outcome.UNKNOWN, {"y"}, 1),
    ],
)
def test_i1_sees_what_was_lost_and_what_is_there_in_part(
    outcome: Outcome, present: set[str], breaches: int
) -> None:
    history = [Operation("1", "register", 0, 1, outcome, ("x", "y"))]

    assert len(broken_acknowledgements(history, present)) == breaches


@pytest.mark.parametrize(
    ("logged", "breaches"),
    [
        ([("a", 1), ("a", 2)], 0),
        ([("a", 1)], 1),
        ([("a", 1), ("a", 2), ("a", 2)], 1),
        ([("a", 1), ("a", 2), ("b", 1)], 1),
    ],
)
def test_i2_sees_a_change_without_its_event_and_an_event_without_its_change(
    logged: list[tuple[str, int]], breaches: int
) -> None:
    assert len(orphans({"a": 2}, logged)) == breaches


def test_i3_sees_what_was_never_said_and_what_was_never_committed() -> None:
    assert undelivered([FIRST, SECOND], [FIRST, SECOND, FIRST]) == []
    assert len(undelivered([FIRST, SECOND], [FIRST])) == 1
    assert len(undelivered([FIRST], [FIRST, OTHER])) == 1


def test_i3_sees_a_group_that_missed_the_last_state() -> None:
    assert unheard([FIRST, SECOND, OTHER], {"a": "a2", "b": "b1"}) == []
    assert len(unheard([FIRST, SECOND, OTHER], {"a": "a1"})) == 2


def test_i4_sees_an_effect_that_came_twice_or_from_nowhere() -> None:
    assert repeated(["a1", "a2"], ["a1", "a2", "b1"]) == []
    assert len(repeated(["a1", "a1"], ["a1"])) == 1
    assert len(repeated(["b1"], ["a1"])) == 1


@pytest.mark.parametrize(
    ("said", "breaches"),
    [([FIRST, SECOND], 0), ([FIRST, SECOND, FIRST], 0), ([SECOND, FIRST], 1), ([SECOND], 1)],
)
def test_i5_sees_a_broken_order_and_calls_a_repetition_none(
    said: list[Said], breaches: int
) -> None:
    assert len(out_of_order(said)) == breaches


def test_i5_sees_a_topic_that_ends_on_an_older_state() -> None:
    assert misled_by_compaction([FIRST, SECOND], [FIRST, SECOND]) == []
    assert len(misled_by_compaction([FIRST, SECOND], [FIRST, SECOND, FIRST])) == 1


def test_i5_sees_a_position_that_did_not_rise() -> None:
    assert fallen([("a", (1, 2)), ("b", (1, 1)), ("a", (2, 1))]) == []
    assert len(fallen([("a", (1, 2)), ("a", (1, 1))])) == 1
    assert len(fallen([("a", (1, 1)), ("a", (1, 1))])) == 1


def test_i8_sees_another_answer_to_the_same_request() -> None:
    first = {"key": Answer(201, "/enterprises/1", '"1"')}

    assert answered_otherwise(first, dict(first)) == []
    assert len(answered_otherwise(first, {"key": Answer(201, "/enterprises/2", '"1"')})) == 1
    assert len(answered_otherwise(first, {})) == 1


def test_i9_sees_a_copy_that_is_not_what_a_rebuild_would_be() -> None:
    copy = Copy(EnterpriseState, ("trade_name",), sa.MetaData())
    last = an_event(seq=2, event_id=UUID(int=2))
    rows = rebuilt(copy, [last, an_event(seq=1, event_id=EVENT)])

    assert rows == [(last.key, "Keripik Apel Panderman", 1, 2, UUID(int=2))]
    assert unequal(rows, rows) == []
    assert len(unequal([*rows, *rows], rows)) == 1
    assert len(unequal([], rows)) == 1


@pytest.mark.parametrize(
    ("start", "outcome", "backlog", "breaches"),
    [
        (100.0, Outcome.OK, 0, 0),
        (100.0, Outcome.UNKNOWN, 0, 1),
        (100.0, Outcome.OK, 3, 1),
        (20.0, Outcome.FAIL, 0, 1),  # soon enough after the fault to fail, but nothing came later
    ],
)
def test_i15_sees_what_does_not_recover(
    start: float, outcome: Outcome, backlog: int, breaches: int
) -> None:
    history = [Operation("1", "register", start, start + 1, outcome, ())]

    assert len(not_recovered(history, 10.0, 60.0, backlog)) == breaches
