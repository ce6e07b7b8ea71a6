"""Kafka's own client, in Java and with its default settings, finds what we write where it looks."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.jars import cache_folder, fetch_jars
from deploy.local.telling import silently
from shared.events import EnterpriseState
from shared.streams.kafka import Record, ensure_topics, open_producer
from tests.conformance.programs import found, run
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_record
from tests.support.topics import enough_events

pytestmark = [pytest.mark.conformance, pytest.mark.usefixtures("topics")]

_PROGRAMS = Path(__file__).with_name("java")


@pytest.fixture(scope="module")
def classes() -> str:
    """The class path of the locked jars."""
    return os.pathsep.join(map(str, fetch_jars(cache_folder(), silently)))


async def test_a_key_has_one_partition_whichever_client_writes_it(
    registry: Ecosystem, classes: str
) -> None:
    keys = [str(uuid4()) for _ in range(1000)]
    ours, theirs = f"{registry.prefix}ours", f"{registry.prefix}theirs"
    await ensure_topics(registry.parts.kafka, [ours, theirs], partitions=12, replication=1)

    async with open_producer(registry.parts.kafka, registry.prefix) as producer:
        await producer.send(Record(ours, key.encode(), b"from Python", [], 0) for key in keys)
    await java(classes, "Writer", registry.parts.kafka, theirs, given="\n".join(keys))

    read = partial(java, classes, "Reader", registry.parts.kafka)
    places = [
        {r["key"]: r["partition"] for r in told(await read(topic))} for topic in (ours, theirs)
    ]
    assert set(places[0]) == set(keys)
    assert set(places[0].values()) == set(range(12))
    assert places[0] == places[1]


async def test_a_plain_subscriber_in_java_reads_our_events(
    registry: Ecosystem, classes: str
) -> None:
    topic = registry.prefix + EnterpriseState.topic
    await open_batu(registry.database("registry"))
    await registry.work("registry")
    desk = await registry.client("registry", "batu")
    body = an_enterprise(trade_name="Kopi “Nyai Ontosoroh”")
    answer = await desk.post("/enterprises", json=body, headers=a_key())
    (event,) = await eventually(partial(enough_events, registry, 1))

    (record,) = told(await java(classes, "Reader", registry.parts.kafka, topic))

    assert answer.status_code == 201
    assert record["key"] == answer.json()["id"] == event.key
    assert json.loads(record["value"])["trade_name"] == "Kopi “Nyai Ontosoroh”"
    assert (
        record["headers"].items()
        >= {
            "content-type": "application/json",
            "ce_specversion": "1.0",
            "ce_id": str(event.id),
            "ce_source": "/registry",
            "ce_type": event.type,
            "ce_subject": event.key,
            "ce_time": event.time.isoformat(),
            "ce_sequence": "1",
        }.items()
    )


async def test_what_is_gone_is_null_in_java(registry: Ecosystem, classes: str) -> None:
    gone = a_record(data=None, seq=2)
    topic = f"{registry.prefix}{gone.topic}"

    async with open_producer(registry.parts.kafka, registry.prefix) as producer:
        await producer.send([Record(topic, gone.key, gone.value, gone.headers, gone.timestamp_ms)])

    (record,) = told(await java(classes, "Reader", registry.parts.kafka, topic))
    assert record["key"] == gone.key.decode()
    assert record["value"] is None
    assert record["headers"] == {name: (text or b"").decode() for name, text in gone.headers}


async def java(classes: str, program: str, *words: str, given: str = "") -> str:
    """Run a program from its source, as a kit's compiler allows."""
    options = "-Dfile.encoding=UTF-8 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Xmx256m"
    source = str(_PROGRAMS / f"{program}.java")
    command = [await found("java"), *options.split(), "-cp", classes, source, *words]
    return await run(*command, given=given)


def told(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]
