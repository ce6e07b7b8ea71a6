"""The JSON Schema of each topic, made from its state model, and every release of it.

A released schema never changes again: other people's programs read by it. A change to a model is
the next release, and may only add optional fields (`python -m deploy.checks.compatibility`).
"""

import json
from pathlib import Path
from typing import Any

from shared.events.state import State, schema_address

FOLDER = Path(__file__).with_name("schemas")


def schema_of(state: type[State]) -> dict[str, Any]:
    """What the data of the topic's events looks like; readers leave further fields unread.

    A retraction has no data, so its type is not among those named.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_address(state.topic, state.release),
        **state.model_json_schema(),
        "x-event-types": sorted(state.event_type(verb) for verb in state.verbs),
    }


def place(topic: str, release: int, folder: Path = FOLDER) -> Path:
    """Where a release of a topic's schema is kept."""
    return folder / topic / f"{release}.json"


def releases(topic: str, folder: Path = FOLDER) -> dict[int, dict[str, Any]]:
    """Every released schema of a topic by its number, the newest last."""
    numbers = sorted(int(file.stem) for file in (folder / topic).glob("*.json"))
    return {n: json.loads(place(topic, n, folder).read_text(encoding="utf-8")) for n in numbers}


def text_of(state: type[State]) -> str:
    """The schema as it stands in its file: the same model gives the same text."""
    return json.dumps(schema_of(state), indent=2, ensure_ascii=False) + "\n"
