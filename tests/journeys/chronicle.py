"""What a day made, told so that two days can be compared: ids are names, and times are alike."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from shared.events import STATES
from shared.events.audit import AuditBlockState
from shared.streams.codec import Event, from_binary
from tests.support.topics import everything_on

_STATES: Final = {state.topic: state for state in STATES if not issubclass(state, AuditBlockState)}
_FREE: Final = {"code", "facility_ids", "alternatives"}
"""A code is drawn, and which of the rooms is free depends on the days before."""

Lives = dict[str, list[Event[Any]]]
"""By key, the events of an aggregate in their order, each once."""
Told = dict[str, tuple[list[str], dict[str, Any]]]
"""By a name such as `booking 2`, the verbs of what happened to it and its last state."""


async def lives(kafka: str) -> Lives:
    """Everything that the topics hold now."""
    found: dict[str, dict[tuple[int, int], Event[Any]]] = defaultdict(dict)
    for record in await everything_on(kafka, *_STATES):
        event = from_binary(_STATES[record.topic], record.key, record.value, record.headers)
        found[event.key].setdefault(event.position, event)
    return {key: [of[position] for position in sorted(of)] for key, of in found.items()}


def told(now: Lives, before: Collection[str]) -> Told:
    """What was begun after those before, named by its kind and when it came."""
    new = sorted((of for key, of in now.items() if key not in before), key=lambda of: of[0].time)
    counts: dict[str, int] = defaultdict(int)
    names: dict[UUID, str] = {}
    for first, *_ in new:
        kind = first.topic.split(".")[1]
        counts[kind] += 1
        names[UUID(first.key)] = f"{kind} {counts[kind]}"
    return {names[UUID(of[0].key)]: _life(of, names) for of in new}


def _life(of: list[Event[Any]], names: Mapping[UUID, str]) -> tuple[list[str], dict[str, Any]]:
    state = of[-1].data.model_dump(exclude=_FREE) if of[-1].data else {}
    verbs = [event.type.split(".")[-2] for event in of]
    return verbs, {name: _comparable(value, names) for name, value in state.items()}


def _comparable(value: object, names: Mapping[UUID, str]) -> object:
    match value:
        case UUID():
            return names.get(value, "of another day")
        case date():
            return "a time"
        case tuple() | list():
            return [_comparable(each, names) for each in value]
        case _:
            return value
