"""The released JSON Schema of each topic, made from its state model.

`python -m shared.events.schemas` writes them beside this file; a change to one is a change to what
other people's programs read, so it shows in review as a diff.
"""

import json
from pathlib import Path
from typing import Any

from shared.events import STATES
from shared.events.state import State

FOLDER = Path(__file__).with_name("schemas")


def schema_of(state: type[State]) -> dict[str, Any]:
    """What the data of the topic's events looks like; readers leave further fields unread."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://sinergi.id/schemas/{state.topic}.json",
        **state.model_json_schema(),
        "x-event-types": sorted(state.event_type(verb) for verb in state.verbs),
    }


def released(state: type[State]) -> Path:
    """Where the schema of a topic is kept."""
    return FOLDER / f"{state.topic}.json"


def text_of(state: type[State]) -> str:
    """The schema as it stands in its file: the same model gives the same text."""
    return json.dumps(schema_of(state), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for each in STATES:
        released(each).write_text(text_of(each), encoding="utf-8")
