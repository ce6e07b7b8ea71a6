"""An event of each type, as it was once published, is read for as long as its topic lives."""

from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator

from shared.events import STATES, State
from shared.events.examples import FOLDER
from shared.events.schemas import releases
from shared.events.state import schema_address
from shared.streams.codec import from_binary

BY_TOPIC = {state.topic: state for state in STATES}
GOLDEN = {str(file.relative_to(FOLDER)): file for file in sorted(FOLDER.glob("*/*/*.json"))}
STRUCTURED = [("content-type", b"application/cloudevents+json")]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.topic)
def test_every_type_and_every_release_has_its_example(state: type[State]) -> None:
    files = [*(FOLDER / state.topic).glob("*/*.json")]

    assert {file.stem for file in files} == state.verbs
    assert {int(file.parent.name) for file in files} == {*releases(state.topic)}


@pytest.mark.parametrize("file", GOLDEN.values(), ids=GOLDEN)
def test_an_example_is_read_whole(file: Path) -> None:
    topic, release, verb = file.relative_to(FOLDER).with_suffix("").parts
    state, text = BY_TOPIC[topic], file.read_bytes()
    document = orjson.loads(text)

    event = from_binary(state, None, text, STRUCTURED)

    assert (event.type, event.position) == (state.event_type(verb), (1, int(document["sequence"])))
    assert document["dataschema"] == schema_address(topic, int(release))
    assert event.data is not None
    assert event.data.model_dump(mode="json").items() >= document["data"].items()


@pytest.mark.parametrize("file", GOLDEN.values(), ids=GOLDEN)
def test_an_example_is_valid_by_every_released_schema(file: Path) -> None:
    document = orjson.loads(file.read_bytes())

    for schema in releases(file.parts[-3]).values():
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        assert list(validator.iter_errors(document["data"])) == []
        assert list(validator.iter_errors(document["data"] | {"id": None}))
