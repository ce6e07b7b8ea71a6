"""Events as the log keeps them and as Kafka carries them, each part changeable by name."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from aiokafka import ConsumerRecord

from services.registry.ids import unit_id
from shared.events import EnterpriseState
from shared.events.state import State
from shared.streams.codec import Event, from_binary, to_binary
from shared.streams.kafka import Message, Record
from tests.support.builders import BATU, VILLAGE

ENTERPRISE = UUID("0198c0de-0000-7000-8000-000000000001")
EVENT = UUID("0198c0de-0000-7000-8000-00000000e001")


def a_state(**changes: object) -> EnterpriseState:
    """An enterprise's public state."""
    facts = {
        "id": ENTERPRISE,
        "kind": "enterprise",
        "trade_name": "Keripik Apel Panderman",
        "unit_id": unit_id(BATU),
        "village_code": VILLAGE,
        "kbli": "10794",
        "size_class": "mikro",
        "status": "active",
    }
    return EnterpriseState.model_validate(facts | changes)


def a_row(state: EnterpriseState | None = None, **changes: object) -> dict[str, Any]:
    """A row of the log that tells of an enterprise's state."""
    state = state or a_state()
    return {
        "event_id": EVENT,
        "topic": EnterpriseState.topic,
        "key": str(state.id),
        "epoch": 1,
        "seq": 1,
        "type": EnterpriseState.event_type("registered"),
        "release": 1,
        "occurred_at": datetime(2026, 11, 24, 3, 4, 5, 678901, tzinfo=UTC),
        "traceparent": None,
        "tracestate": None,
        "causation": None,
        "correlation": None,
        "data": state.model_dump_json(),
    } | changes


def a_record(state: EnterpriseState | None = None, **changes: object) -> Record:
    """The message of such a row."""
    return to_binary(a_row(state, **changes))


def said(state: State, verb: str) -> Record:
    """The first message of an aggregate of any kind, as its service would send it now."""
    return to_binary(
        a_row()
        | {
            "event_id": uuid4(),
            "topic": state.topic,
            "key": str(state.id),
            "type": state.event_type(verb),
            "occurred_at": datetime.now(UTC),
            "data": state.model_dump_json(),
        }
    )


def a_message(record: Record, *, partition: int = 0, offset: int = 0) -> Message:
    """The same as a consumer reads it from a place."""
    return ConsumerRecord(
        topic=record.topic,
        partition=partition,
        offset=offset,
        timestamp=record.timestamp_ms,
        timestamp_type=0,
        key=record.key,
        value=record.value,
        checksum=None,
        serialized_key_size=len(record.key),
        serialized_value_size=len(record.value or b""),
        headers=record.headers,
    )


def an_event(state: EnterpriseState | None = None, **changes: object) -> Event[EnterpriseState]:
    """The event of such a row, as a listener reads it."""
    return heard(a_record(state, **changes))


def heard(record: Record) -> Event[EnterpriseState]:
    """Read a message of the enterprises' topic."""
    return from_binary(EnterpriseState, record.key, record.value, record.headers)


def structured(**changes: object) -> Record:
    """The same event as one JSON document; a change to None leaves the member out."""
    row = a_row()
    document = {
        "specversion": "1.0",
        "id": str(row["event_id"]),
        "source": "/registry",
        "type": row["type"],
        "subject": row["key"],
        "time": row["occurred_at"].isoformat(),
        "epoch": row["epoch"],
        "sequence": row["seq"],
        "data": orjson.loads(row["data"]),
    } | changes
    given = {name: value for name, value in document.items() if value is not None}
    headers = [("content-type", b"application/cloudevents+json; charset=utf-8")]
    key = row["key"].encode()
    return Record(EnterpriseState.topic, key, orjson.dumps(given), headers, 0)
