"""The CloudEvents SDK, which we do not use, agrees that our messages are CloudEvents 1.0."""

import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.streams.kafka import Record
from tests.support.messages import ENTERPRISE, EVENT, a_record, a_row, a_state, heard


@pytest.fixture
def event() -> CloudEvent:
    """One of our messages, as the SDK reads and checks it."""
    record = a_record()
    message = KafkaMessage({n: v or b"" for n, v in record.headers}, None, record.value or b"")
    read = from_binary(message, JSONFormat())
    assert isinstance(read, CloudEvent)
    return read


def test_the_sdk_finds_every_attribute_in_our_message(event: CloudEvent) -> None:
    assert event.get_specversion() == "1.0"
    assert event.get_id() == str(EVENT)
    assert event.get_source() == "/registry"
    assert event.get_type() == "id.sinergi.registry.enterprise.registered.v1"
    assert event.get_subject() == str(ENTERPRISE)
    assert event.get_time() == a_row()["occurred_at"]
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("sequence") == "1"
    assert event.get_data() == orjson.loads(a_state().model_dump_json())


@pytest.mark.parametrize("write", [to_binary, to_structured])
def test_what_the_sdk_writes_we_read(event: CloudEvent, write: object) -> None:
    assert callable(write)
    message = write(event, JSONFormat())

    record = Record("", str(ENTERPRISE).encode(), message.value, list(message.headers.items()), 0)

    assert heard(record) == heard(a_record())
