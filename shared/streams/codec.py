"""CloudEvents 1.0 on Kafka: binary mode out, binary or structured mode in, and nothing else.

A decoder meets anything a broker may hold, so it raises `EnvelopeError` and no other error.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

import orjson
from pydantic import ValidationError

from shared.events.state import State, schema_address
from shared.sentences import Spoken
from shared.streams.kafka import Headers, Record

S = TypeVar("S", bound=State)

_JSON = b"application/json"
_STRUCTURED = "application/cloudevents"
VALUE_LIMIT = 1_000_000
"""Bytes of a message's value."""
_HEADERS_LIMIT = 64
_INT32 = 2**31
_INT64 = 2**63
MOST_EPOCHS = 1_000_000
"""An epoch is raised once a restore, so a log that is restored daily comes this far in 2,700 years.

Believing a larger number would use up what is left for restores: the next epoch is one more.
"""
_TYPE = re.compile(r"id\.sinergi\.[!-~]{1,200}")
"""A type of ours is kept as text, also by who parks it, and no database keeps every character."""


# Ids and data as text: they go out as text, and a driver would make objects of them.
COLUMNS = """id, event_id::text, topic, key, epoch, seq, type, release, occurred_at,
    traceparent, tracestate, causation::text, correlation::text, data::text"""
"""What is read of a row of the log to make an event of it."""


class EnvelopeError(Spoken):
    """The bytes are not an event of this topic; the text says why and quotes none of them."""


class UnknownType(EnvelopeError):
    """An event of a major version that we know, and of a type that came later."""


class Event(NamedTuple, Generic[S]):
    """One thing that became true, with the state it led to; no state means that it is gone."""

    id: UUID
    topic: str
    type: str
    key: str
    epoch: int
    seq: int
    time: datetime
    data: S | None
    traceparent: str | None = None
    tracestate: str | None = None
    causation: UUID | None = None
    correlation: UUID | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Where the event stands among those of its aggregate; later ones compare greater."""
        return self.epoch, self.seq


def to_binary(row: Mapping[str, Any], *, prefix: str = "") -> Record:
    """Encode a row of the log; its `data` goes out byte for byte."""
    time: datetime = row["occurred_at"].astimezone(UTC)
    key = row["key"].encode()
    data = row["data"]
    headers = [
        *_constant(row["topic"], row["type"], row["release"]),
        ("ce_id", str(row["event_id"]).encode()),
        ("ce_subject", key),
        ("ce_time", time.isoformat().encode()),
        ("ce_sequence", b"%d" % row["seq"]),
        ("ce_epoch", b"%d" % row["epoch"]),
    ]
    for name, header in _OPTIONAL:
        if row[name] is not None:
            headers.append((header, str(row[name]).encode()))
    if row["traceparent"] is not None:
        headers.append(("traceparent", row["traceparent"].encode()))
    value = None if data is None else data.encode()
    return Record(prefix + row["topic"], key, value, headers, int(time.timestamp() * 1000))


_OPTIONAL = (
    ("traceparent", "ce_traceparent"),
    ("tracestate", "ce_tracestate"),
    ("causation", "ce_causationid"),
    ("correlation", "ce_correlationid"),
)


@lru_cache(maxsize=1024)
def _constant(topic: str, event_type: str, release: int) -> Headers:
    source = "/" + topic.partition(".")[0]
    return (
        ("ce_specversion", b"1.0"),
        ("content-type", _JSON),
        ("ce_source", source.encode()),
        ("ce_type", event_type.encode()),
        ("ce_dataschema", schema_address(topic, release).encode()),
        ("ce_sequencetype", b"Integer"),
    )


def from_binary(
    state: type[S], key: bytes | None, value: bytes | None, headers: Headers
) -> Event[S]:
    """Decode a message of the topic of `state`, in either mode of CloudEvents.

    Raises EnvelopeError for everything that is not one.
    """
    if value is not None and len(value) > VALUE_LIMIT:
        raise EnvelopeError("the value is longer than a megabyte")
    attributes = _attributes(headers)
    if attributes.get("datacontenttype", "").startswith(_STRUCTURED):
        attributes, value = _unfold(value)
    event = _event(state, attributes, value)
    if key is not None and key != event.key.encode():
        raise EnvelopeError("the message's key is not the event's subject")
    return event


def id_in(key: bytes | None) -> str | None:
    """The id that a message's key is, as that of every event of ours; None when it is none."""
    try:
        text = (key or b"").decode()
        return text if str(UUID(text)) == text else None
    except ValueError:
        return None


def is_structured(headers: Headers) -> bool:
    """Whether the value is said to be the whole event, also where other headers are broken."""
    kinds = [value or b"" for name, value in headers if name == "content-type"]
    return any(kind.startswith(_STRUCTURED.encode()) for kind in kinds)


_ATTRIBUTES: Final[Mapping[str, str]] = {"content-type": "datacontenttype"} | {
    f"ce_{name}": name
    for name in (
        *("specversion", "id", "type", "subject", "time", "dataschema", "sequence", "epoch"),
        *("traceparent", "tracestate", "causationid", "correlationid"),
    )
}
"""What is read of an event, by the header that it stands in."""


def _attributes(headers: Headers) -> dict[str, str]:
    """Read the event's attributes; the headers of other tools are not looked at."""
    if len(headers) > _HEADERS_LIMIT:
        raise EnvelopeError("there are too many headers")
    found: dict[str, str] = {}
    for header, value in headers:
        name = _ATTRIBUTES.get(header)
        if name is None:
            continue
        if name in found:
            raise EnvelopeError("a header occurs twice")
        if value is None:
            raise EnvelopeError("a header has no value")
        try:
            found[name] = value.decode()
        except UnicodeDecodeError:
            raise EnvelopeError("a header is not UTF-8") from None
    return found


def _unfold(value: bytes | None) -> tuple[dict[str, str], bytes]:
    """Take a structured-mode event apart into what binary mode keeps in headers and value."""
    try:
        document = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        raise EnvelopeError("the value is not JSON") from None
    if not isinstance(document, dict):
        raise EnvelopeError("the value is not a JSON object")
    if document.get("data") is None:
        raise EnvelopeError("a structured event has no data; only a null value is a tombstone")
    data = orjson.dumps(document.pop("data"))
    return {name: str(content) for name, content in document.items() if content is not None}, data


def _event(state: type[S], attributes: dict[str, str], value: bytes | None) -> Event[S]:
    if attributes.get("specversion") != "1.0":
        raise EnvelopeError("it is not a CloudEvent of version 1.0")
    if "type" in attributes:
        _refuse_foreign(state.topic, attributes["type"])
    try:
        event = Event(
            id=UUID(attributes["id"]),
            topic=state.topic,
            type=attributes["type"],
            key=attributes["subject"],
            epoch=_whole(attributes["epoch"], MOST_EPOCHS + 1),
            seq=_whole(attributes["sequence"], _INT64),
            time=_instant(attributes["time"]),
            data=None if value is None else _data(state, attributes, value),
            traceparent=attributes.get("traceparent") or None,
            tracestate=attributes.get("tracestate") or None,
            causation=_reference(attributes.get("causationid")),
            correlation=_reference(attributes.get("correlationid")),
        )
        return _consistent(event)
    except KeyError as error:
        message = f"the attribute {error.args[0]} is missing"
        raise EnvelopeError(message) from None
    except ValueError:
        raise EnvelopeError("an attribute has a value of the wrong form") from None


def _data(state: type[S], attributes: Mapping[str, str], value: bytes) -> S:
    try:
        return state.read(value, _release(state, attributes.get("dataschema", "")))
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, e["loc"])) for e in error.errors()}))
        message = f"the data does not fit {state.topic}: {fields[:200]}"
        raise EnvelopeError(message) from None
    except Exception:  # noqa: BLE001 (an upcaster meets anything)
        raise EnvelopeError("the data does not fit the release that it names") from None


# A topic has few types and few schemas, and they come with every event.
@lru_cache(maxsize=1024)
def _release(state: type[State], address: str) -> int:
    """The number in the address of a schema; the model's own if it is no address of the topic's."""
    number = address.rpartition("/")[2].removesuffix(".json")
    if number.isdecimal() and number.isascii() and len(number) <= len(str(_INT32)):
        return int(number) if address == schema_address(state.topic, int(number)) else state.release
    return state.release


@lru_cache(maxsize=1024)
def _refuse_foreign(topic: str, event_type: str) -> None:
    name, _, version = topic.rpartition(".")
    if not (_TYPE.fullmatch(event_type) and event_type.endswith(f".{version}")):
        raise EnvelopeError("the type is not one of this topic")
    if not event_type.startswith(f"id.sinergi.{name}."):
        raise UnknownType("the type is not one of this topic, as far as this version knows it")


def _consistent(event: Event[S]) -> Event[S]:
    subject = UUID(event.key) if event.data is None else event.data.id
    if str(subject) != event.key:
        raise EnvelopeError("the subject is not the id in the data")
    return event


def _whole(text: str, limit: int) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    number = int(text)
    if number >= limit:
        raise ValueError(text)
    return number


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def _reference(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
