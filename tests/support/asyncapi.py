"""Holds messages against the AsyncAPI document."""

from functools import cache

import orjson
from jsonschema import Draft202012Validator

from deploy.catalogue.asyncapi import document
from shared.events import STATES
from shared.streams.kafka import Record

DOCUMENT = document(STATES)
_HEADERS = DOCUMENT["components"]["schemas"]["EventHeaders"]["properties"]


def faults(record: Record) -> list[str]:
    """What the document says differently from a message of a topic, or leaves out."""
    headers = {name: (value or b"").decode() for name, value in record.headers}
    event_type = headers["ce_type"]
    return [
        *(f"{name} is not told of" for name in sorted(headers.keys() - _HEADERS.keys())),
        *faults_of(event_type, "headers", headers),
        *faults_of(event_type, "payload", orjson.loads(record.value or b"null")),
        *faults_of(event_type, "key", (record.key or b"").decode()),
    ]


def faults_of(event_type: str, part: str, value: object) -> list[str]:
    """The same of one part of a message."""
    return [error.message for error in _validator(event_type, part).iter_errors(value)]


@cache
def _validator(event_type: str, part: str) -> Draft202012Validator:
    message = DOCUMENT["components"]["messages"][event_type]
    schema = message["bindings"]["kafka"]["key"] if part == "key" else message[part]
    whole = {"components": DOCUMENT["components"], **schema}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
