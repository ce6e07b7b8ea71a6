"""The AsyncAPI 3 document of all topics, made from the state models, the codec and the examples."""

from collections.abc import Sequence
from typing import Any

from deploy.catalogue.headers import common_headers, own_headers
from shared.events.examples import example_of, retraction_of
from shared.events.schemas import schema_of
from shared.events.state import RETRACTED, State
from shared.web.service import VERSION

_ABOUT = """Every topic is a compacted state topic: each message carries the full public state of \
one aggregate, keyed by its id, as a CloudEvent in binary mode. The newest message of a key is all \
there is to know; a null value means that it is gone. Keep the newest (ce_epoch, ce_sequence) of \
each key; a message may come twice. Inside a major version a schema gains optional properties and \
nothing else."""

_HEADERS = "EventHeaders"


def document(states: Sequence[type[State]]) -> dict[str, Any]:
    """Return the document."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Sinergi",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {state.topic: _channel(state) for state in states},
        "operations": {_name(state): _operation(state) for state in states},
        "components": {
            "messages": {
                event_type: _message(state, verb, event_type)
                for state in states
                for verb, event_type in state.types().items()
            },
            "schemas": _schemas(states),
        },
    }


def _name(state: type[State]) -> str:
    """The name of a topic's operation, in which a dot would be read as a path."""
    return state.topic.replace(".", "-")


def _channel(state: type[State]) -> dict[str, Any]:
    told = {
        "address": state.topic,
        "description": schema_of(state)["description"],
        "messages": {
            verb: {"$ref": f"#/components/messages/{event_type}"}
            for verb, event_type in state.types().items()
        },
        "bindings": {
            "kafka": {"topicConfiguration": {"cleanup.policy": ["compact"]}, "topic": state.topic}
        },
    }
    return told if state.sunset is None else told | {"x-sunset": state.sunset.isoformat()}


def _operation(state: type[State]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{state.topic}"},
        "summary": f"What {state.topic.partition('.')[0]} says.",
    }


def _message(state: type[State], verb: str, event_type: str) -> dict[str, Any]:
    gone = verb == RETRACTED
    example = retraction_of(state) if gone else example_of(state, verb)
    payload = example.pop("data")
    content_type = example.pop("datacontenttype")
    attributes = {f"ce_{name}": value for name, value in example.items()}
    return {
        "name": event_type,
        "title": verb.replace("_", " "),
        "contentType": content_type,
        "headers": own_headers(state, event_type)
        | {"allOf": [{"$ref": f"#/components/schemas/{_HEADERS}"}]},
        "payload": {"type": "null"} if gone else {"$ref": f"#/components/schemas/{state.topic}"},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}}},
        "examples": [{"headers": {"content-type": content_type} | attributes, "payload": payload}],
    }


def _schemas(states: Sequence[type[State]]) -> dict[str, Any]:
    found: dict[str, Any] = {_HEADERS: common_headers(states[0])}
    for state in states:
        schema = state.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, part in schema.pop("$defs", {}).items():
            if found.setdefault(name, part) != part:
                raise ValueError(f"two parts of different form are called {name}")
        found[state.topic] = schema
    return found
