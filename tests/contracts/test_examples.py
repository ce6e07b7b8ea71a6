"""An event of each type, as it was once published, is read for as long as its topic lives."""

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from shared.events import STATES, State
from shared.events.schemas import schema_of
from shared.streams.codec import from_binary

EXAMPLES = Path(__file__).with_name("examples")
TYPES = {state.event_type(verb): state for state in STATES for verb in sorted(state.verbs)}
STRUCTURED = [("content-type", b"application/cloudevents+json")]


def test_every_type_has_its_example() -> None:
    assert {file.stem for file in EXAMPLES.iterdir()} == set(TYPES)


@pytest.mark.parametrize(("event_type", "state"), TYPES.items(), ids=TYPES)
def test_an_example_is_read_whole(event_type: str, state: type[State]) -> None:
    text = (EXAMPLES / f"{event_type}.json").read_bytes()
    document = orjson.loads(text)

    event = from_binary(state, None, text, STRUCTURED)

    assert (event.type, event.position) == (event_type, (1, int(document["sequence"])))
    assert event.data is not None
    assert event.data.model_dump(mode="json") == document["data"]


@pytest.mark.parametrize(("event_type", "state"), TYPES.items(), ids=TYPES)
def test_an_example_is_valid_by_the_released_schema(event_type: str, state: type[State]) -> None:
    document = orjson.loads((EXAMPLES / f"{event_type}.json").read_bytes())
    schema = schema_of(state)

    assert document["dataschema"] == schema["$id"]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(document["data"])) == []
    assert list(validator.iter_errors(document["data"] | {"id": None}))
