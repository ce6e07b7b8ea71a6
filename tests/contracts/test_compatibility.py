"""A release of a schema breaks nobody: not who reads the one before, nor who reads what it said."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import Field

from deploy.checks.compatibility import breaches, of_expectation, of_state
from deploy.checks.subschema import misfits
from shared.events.facilities import Slot
from shared.events.schemas import place, text_of
from shared.events.state import State
from tests.contracts.schema_pairs import an_instance, schema_pairs


class First(State):
    """What is said at first."""

    topic: ClassVar[str] = "registry.planted.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"planted"})

    status: Literal["open", "closed"]
    places: int = Field(ge=1, le=9)
    name: str = Field(min_length=1, max_length=9, pattern="^[a-z]+$")
    slots: tuple[Slot, ...] = ()
    booking_id: str | None = None


RELEASED = First.model_json_schema()


def changed(*steps: str | int, to: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """The schema with one part of it replaced; None removes the part."""
    schema = deepcopy(RELEASED)
    part: Any = schema
    for step in steps[:-1]:
        part = part[step]
    if to is None:
        del part[steps[-1]]
    else:
        part[steps[-1]] = to
    return schema


PROPERTY = ("properties", "status")
BROKEN = {
    "a property removed": (
        changed("properties", "booking_id", to=None),
        "/properties/booking_id: is not there",
    ),
    "a required property removed": (
        changed("properties", "status", to=None) | {"required": ["id", "places", "name"]},
        "/properties/status: is not there",
    ),
    "a required property added": (
        changed("properties", "size", to={"type": "integer"})
        | {"required": ["id", "status", "places", "name", "size"]},
        "/required: `size` is not there",
    ),
    "an optional property now required": (
        changed("required", to=["id", "status", "places", "name", "booking_id"]),
        "/required: `booking_id` may be absent",
    ),
    "a required property now optional": (
        changed("required", to=["id", "places", "name"]),
        "/required: `status` may be absent",
    ),
    "another type": (
        changed("properties", "places", "type", to="string"),
        "/properties/places/type: may be of type string",
    ),
    "a wider type": (
        changed("properties", "places", "type", to="number"),
        "/properties/places/type: may be of type number",
    ),
    "no longer null": (
        changed("properties", "booking_id", to={"type": "string"}),
        "/properties/booking_id/anyOf/1/type: may be of type null",
    ),
    "a wider enum": (
        changed(*PROPERTY, "enum", to=["open", "closed", "lost"]),
        '/properties/status/enum: may be "lost"',
    ),
    "a narrower enum": (
        changed(*PROPERTY, "enum", to=["open"]),
        '/properties/status/enum: may be "closed"',
    ),
    "an enum let go": (
        changed(*PROPERTY, to={"type": "string"}),
        '/properties/status/enum: may be other than "open", "closed"',
    ),
    "a narrower range": (
        changed("properties", "places", "maximum", to=8),
        "/properties/places/maximum: may be beyond 8",
    ),
    "a wider range": (
        changed("properties", "places", "minimum", to=0),
        "/properties/places/minimum: may be below 1",
    ),
    "a longer text": (
        changed("properties", "name", "maxLength", to=10),
        "/properties/name/maxLength: may be beyond 9",
    ),
    "no limit any more": (
        changed("properties", "name", "maxLength", to=None),
        "/properties/name/maxLength: may be beyond 9",
    ),
    "another pattern": (
        changed("properties", "name", "pattern", to="^[A-Z]+$"),
        '/properties/name/pattern: may be other than "^[a-z]+$"',
    ),
    "another format": (
        changed("properties", "id", "format", to="uri"),
        '/properties/id/format: may be other than "uuid"',
    ),
    "a format let go": (
        changed("properties", "id", "format", to=None),
        '/properties/id/format: may be other than "uuid"',
    ),
    "a format where there was none": (
        changed("properties", "booking_id", "anyOf", 0, "format", to="uuid"),
        '/properties/booking_id/anyOf/0/format: may be other than "uuid"',
    ),
    "another part": (
        changed("$defs", "Slot", "properties", "ends_at", "format", to="date"),
        '/properties/slots/items/properties/ends_at/format: may be other than "date-time"',
    ),
    "a part removed": (
        changed("$defs", "Slot", "required", to=["facility_id", "starts_at"]),
        "/properties/slots/items/required: `ends_at` may be absent",
    ),
    "a longer list": (
        changed("properties", "slots", "maxItems", to=3),
        "/properties/slots/maxItems: may be beyond 3",
    ),
    "a word that the gate does not know": (
        changed("not", to={}),
        "/not: cannot be judged: this keyword is not known here",
    ),
}


@pytest.mark.parametrize(("newer", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_release_that_breaks_somebody_is_refused_in_a_sentence(
    newer: dict[str, Any], sentence: str
) -> None:
    found = [*breaches(RELEASED, newer)]

    assert any(each.startswith(sentence) for each in found), found


OPTIONAL = {"type": "integer"}
HARMLESS = {
    "nothing": RELEASED,
    "an optional property": changed("properties", "size", to=OPTIONAL),
    "one in a part": changed("$defs", "Slot", "properties", "size", to=OPTIONAL),
    "other words": changed("properties", "places", "title", to="Room for"),
    "a list of known words": changed("properties", "status", "x-known", to=["open"]),
    "an enum in another order": changed(*PROPERTY, "enum", to=["closed", "open"]),
}


@pytest.mark.parametrize("newer", HARMLESS.values(), ids=HARMLESS)
def test_a_release_that_only_adds_is_let_through(newer: dict[str, Any]) -> None:
    assert [*breaches(RELEASED, newer)] == []


def test_an_enum_declared_to_grow_may_grow() -> None:
    before, after = (
        changed(*PROPERTY, to={"type": "string", "x-extensible-enum": known})
        for known in (["open"], ["open", "closed"])
    )

    assert [*breaches(before, after)] == []
    assert [*breaches(RELEASED, after)] != []


@given(schema_pairs(), st.data())
def test_what_the_gate_lets_through_reads_what_the_other_said(
    pair: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    older, newer = pair
    if [*breaches(older, newer)]:
        return

    said = [data.draw(an_instance(schema)) for schema in pair]

    assert Draft202012Validator(newer).is_valid(said[0])
    assert Draft202012Validator(older).is_valid(said[1])


@given(schema_pairs(), st.data())
def test_what_fits_an_expectation_is_valid_by_it(
    pair: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    said, expected = pair
    if [*misfits(said, expected)]:
        return

    assert Draft202012Validator(expected).is_valid(data.draw(an_instance(said)))


def release(state: type[State], folder: Path) -> None:
    file = place(state.topic, state.release, folder)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text_of(state), encoding="utf-8")


def test_a_model_is_held_against_every_release_of_its_topic(tmp_path: Path) -> None:
    class Second(First):
        release: ClassVar[int] = 2

        size: int | None = None

    class Third(Second):
        release: ClassVar[int] = 3

        places: int

    release(First, tmp_path)
    release(Second, tmp_path)

    assert [*of_state(Second, tmp_path)] == []
    broken = [*of_state(Third, tmp_path)]
    assert [line.split(": /")[0] for line in broken[:-1]] == [
        f"registry.planted.v1: release {number}" for number in (1, 1, 2, 2)
    ]
    assert broken[-1].startswith("registry.planted.v1: release 3 is not written")


def test_a_model_that_says_more_than_its_release_is_told_what_to_do(tmp_path: Path) -> None:
    class More(First):
        size: int | None = None

    release(First, tmp_path)

    assert [*of_state(More, tmp_path)] == [
        (
            "registry.planted.v1: the model says more than release 1: let it speak release 2, "
            "then run: python -m deploy.checks.compatibility release"
        )
    ]


EXPECTED = {
    "a field that is said": ({"properties": {"places": {"type": "integer"}}}, None),
    "one of many forms": ({"properties": {"booking_id": {"type": ["string", "null"]}}}, None),
    "a field nobody says": (
        {"properties": {"size": {"type": "integer"}}},
        "/properties/size: is not there",
    ),
    "a field that may be absent": (
        {"required": ["booking_id"]},
        "/required: `booking_id` may be absent",
    ),
    "fewer words than are said": (
        {"properties": {"status": {"enum": ["open"]}}},
        '/properties/status/enum: may be "closed"',
    ),
    "nothing besides": (
        {"properties": {"id": {}, "status": {}, "places": {}, "name": {}, "slots": {}}}
        | {"additionalProperties": False},
        "/additionalProperties: `booking_id` is there",
    ),
    "a schema that is none": ({"type": "text"}, "this is no JSON Schema of draft 2020-12"),
    "one that goes in circles": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        "this is no JSON Schema of draft 2020-12",
    ),
}


@pytest.mark.parametrize(("expected", "sentence"), EXPECTED.values(), ids=EXPECTED)
def test_what_a_subscriber_expects_is_held_against_what_is_said(
    expected: dict[str, Any], sentence: str | None, tmp_path: Path
) -> None:
    file = tmp_path / f"{First.topic}.json"
    file.write_text(json.dumps(expected), encoding="utf-8")

    found = [*of_expectation(file, [First])]

    assert found == [] if sentence is None else found[0].startswith(f"{file}: {sentence}")


def test_what_is_expected_of_a_topic_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "registry.gone.v1.json"

    assert [*of_expectation(gone, [First])] == [f"{gone}: nobody speaks on registry.gone.v1"]
