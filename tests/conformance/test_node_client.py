"""A client that shares no code with Kafka's own, in Node, reads our events too."""

import json
from functools import partial
from pathlib import Path

import pytest

from shared.events import EnterpriseState
from shared.streams.kafka import Record, open_producer
from tests.conformance.programs import found, installed, run
from tests.support.builders import open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_record
from tests.support.topics import enough_events

pytestmark = [pytest.mark.conformance, pytest.mark.usefixtures("topics")]

_PROGRAM = Path(__file__).with_name("node")


async def test_a_subscriber_in_node_reads_events_and_what_is_gone(
    registry: Ecosystem,
) -> None:
    topic = registry.prefix + EnterpriseState.topic
    await open_batu(registry.database("registry"))
    await registry.work("registry")
    enterprise = await register(registry.database("registry"), trade_name="Kopi “Nyai Ontosoroh”")
    (event,) = await eventually(partial(enough_events, registry, 1))
    gone = a_record(data=None, key=event.key, seq=2)
    async with open_producer(registry.parts.kafka, registry.prefix) as producer:
        await producer.send([Record(topic, gone.key, gone.value, gone.headers, gone.timestamp_ms)])

    printed = await node(registry.parts.kafka, topic, "2")

    told, untold = map(json.loads, printed.splitlines())
    assert told["key"] == untold["key"] == str(enterprise.id)
    assert json.loads(told["value"])["trade_name"] == "Kopi “Nyai Ontosoroh”"
    assert told["headers"]["ce_type"] == event.type
    assert told["headers"]["ce_id"] == str(event.id)
    assert untold["value"] is None


async def node(*words: str) -> str:
    """Run the reader."""
    folder = await installed(_PROGRAM)
    return await run(await found("node"), str(folder / "reader.js"), *words)
