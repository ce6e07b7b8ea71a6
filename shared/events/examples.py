"""An event of each type as it was published, in the structured mode of CloudEvents.

They are the golden bytes that every later release must read, and what subscribers are shown.
"""

import json
from pathlib import Path
from typing import Any

from shared.events.state import State

FOLDER = Path(__file__).with_name("examples")
_RETRACTION = "0198c0de-0000-7000-8000-000000000099"


def example_of(state: type[State], verb: str) -> dict[str, Any]:
    """The newest example of a verb. Raises ValueError if there is none."""
    found = max((FOLDER / state.topic).glob(f"*/{verb}.json"), key=lambda f: int(f.parent.name))
    document: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return document


def retraction_of(state: type[State]) -> dict[str, Any]:
    """What takes back the aggregate of the examples, after a restore: in binary mode, without data.

    Raises ValueError if there is no example.
    """
    said = example_of(state, min(state.verbs))
    of_restore = {"type": state.retraction(), "sequence": "0", "epoch": "2", "data": None}
    return said | of_restore | {"id": _RETRACTION}
