"""What the gate of releases refuses beside a change of one field, and what it cannot judge."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from deploy.checks.compatibility import of_expectation, of_state
from shared.events.schemas import place, text_of
from shared.events.state import State


class Sown(State):
    """What is said at first."""

    topic: ClassVar[str] = "registry.field.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"sown", "mown"})

    crop: str
    rows: tuple[int, ...] = ()


def released(folder: Path, *states: type[State]) -> Path:
    """A folder with these releases."""
    for state in states:
        file = place(state.topic, state.release, folder)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text_of(state), encoding="utf-8")
    return folder


def test_a_type_that_was_said_is_known_for_ever(tmp_path: Path) -> None:
    class Unmown(Sown):
        release: ClassVar[int] = 2
        verbs: ClassVar[frozenset[str]] = frozenset({"sown"})

    found = [*of_state(Unmown, released(tmp_path, Sown, Unmown))]

    gone = "id.sinergi.registry.field.mown.v1 was said, and is not known any more"
    assert found == [f"registry.field.v1: release 1: {gone}"]


def test_a_model_leaves_room_for_what_is_said_later(tmp_path: Path) -> None:
    class Closed(Sown, extra="forbid"):
        release: ClassVar[int] = 2

    found = [*of_state(Closed, released(tmp_path, Sown, Closed))]

    sentence = "/additionalProperties: no later release could gain a field"
    assert found == [f"registry.field.v1: {sentence}"]


NOT_JUDGED: dict[str, Any] = {
    "true": True,
    "true in place of a field's": {"properties": {"crop": True}},
    "false in place of an item's": {"properties": {"rows": {"items": False}}},
    "a reference that is not followed": {
        "properties": {"crop": {"allOf": [{"$ref": "#/$defs/crop"}]}},
        "$defs": {"crop": {}},
    },
}


@pytest.mark.parametrize("expected", NOT_JUDGED.values(), ids=NOT_JUDGED)
def test_a_schema_that_cannot_be_judged_is_told_in_a_sentence(
    expected: object, tmp_path: Path
) -> None:
    file = tmp_path / f"{Sown.topic}.json"
    file.write_text(json.dumps(expected), encoding="utf-8")

    assert [*of_expectation(file, [Sown])] == [
        f"{file}: this is no JSON Schema of draft 2020-12 that can be judged"
    ]


def test_a_schema_that_is_nested_without_end_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / f"{Sown.topic}.json"
    file.write_text('{"items":' * 3_000 + "{}" + "}" * 3_000, encoding="utf-8")

    assert [*of_expectation(file, [Sown])] == [
        f"{file}: this is no JSON Schema of draft 2020-12 that can be judged"
    ]
