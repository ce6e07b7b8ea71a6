"""The headers of a message, found by writing two: one with all that there may be, one without."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.events.schemas import releases
from shared.events.state import State, schema_address
from shared.streams.codec import to_binary

_NIL = UUID(int=0)
_UUID = {"type": "string", "format": "uuid"}
_WHOLE = {"type": "string", "pattern": "^[0-9]+$"}
_TRACEPARENT = {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"}

_TOLD: Mapping[str, tuple[str, dict[str, Any]]] = {
    "content-type": ("What the value is.", {}),
    "ce_specversion": ("The version of CloudEvents.", {}),
    "ce_source": ("The service that says it.", {}),
    "ce_type": ("What just happened. Types may be added; read the state whatever it is.", {}),
    "ce_id": ("The event's id; a repeat has the same one.", _UUID),
    "ce_subject": ("The id of the aggregate, which is the message's key too.", _UUID),
    "ce_time": ("When it happened.", {"type": "string", "format": "date-time"}),
    "ce_dataschema": ("The released schema that the value was written by.", {}),
    "ce_epoch": ("Raised when the log was restored from a backup: it counts first.", _WHOLE),
    "ce_sequence": ("Numbers the events of an aggregate; a gap is normal.", _WHOLE),
    "ce_sequencetype": ("How sequences compare: as whole numbers.", {}),
    "ce_causationid": ("The id of the event that this one answers.", _UUID),
    "ce_correlationid": ("What belongs to one chain of causes shares it.", _UUID),
    "ce_traceparent": ("The trace of the request that made it so.", _TRACEPARENT),
    "ce_tracestate": ("The same, for tools of one vendor.", {"type": "string"}),
    "traceparent": ("The same as `ce_traceparent`, where tools look for it.", _TRACEPARENT),
}

_OF_ITS_TYPE = ("ce_source", "ce_type", "ce_dataschema")


def common_headers(state: type[State]) -> dict[str, Any]:
    """The JSON Schema of the headers of any event, each read as text.

    Raises KeyError when the codec writes a header of which nothing is told here.
    """
    said = state.event_type(min(state.verbs))
    always, written = _written(state, said, None), _written(state, said, _NIL)
    properties = {}
    for name, value in written.items():
        description, form = _TOLD[name]
        constant = {} if name in _OF_ITS_TYPE else {"const": value}
        properties[name] = {"description": description, **(form or constant)}
    return {"type": "object", "properties": properties, "required": [*always]}


def own_headers(state: type[State], event_type: str) -> dict[str, Any]:
    """The same of those that differ from one type of event to the other."""
    written = _written(state, event_type, None)
    properties: dict[str, Any] = {name: {"const": written[name]} for name in _OF_ITS_TYPE}
    properties["ce_dataschema"] = {
        "enum": [schema_address(state.topic, number) for number in releases(state.topic)]
    }
    return {"type": "object", "properties": properties}


def _written(state: type[State], event_type: str, reference: UUID | None) -> dict[str, str]:
    row = {
        "topic": state.topic,
        "type": event_type,
        "release": state.release,
        "event_id": _NIL,
        "key": str(_NIL),
        "seq": 1,
        "epoch": 1,
        "occurred_at": datetime.now(UTC),
        "data": None,
        "traceparent": reference,
        "tracestate": reference,
        "causation": reference,
        "correlation": reference,
    }
    if reference is not None:
        row["traceparent"] = str(reference)
    return {name: (value or b"").decode() for name, value in to_binary(row).headers}
