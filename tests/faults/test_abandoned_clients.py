"""A client that failed is gone: it sends nothing later, and leaves nothing running or open."""

import asyncio
import gc
from uuid import uuid4

import pytest

from shared.streams.kafka import (
    Record,
    deadlines,
    ensure_topics,
    open_consumer,
    open_producer,
    producer,
)
from tests.faults.servers import Servers, freeze, wake_up
from tests.support.unconcerned import Unconcerned

_TOPIC = "abandoned.v1"


async def test_a_producer_that_failed_leaves_nothing_behind(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer, "SEND_DEADLINE", 2.0)
    kafka = servers.parts.kafka
    await ensure_topics(kafka, [_TOPIC], partitions=1, replication=1)
    before = asyncio.all_tasks()

    try:
        async with open_producer(kafka, f"fence-{uuid4()}") as opened:
            await opened.send([Record(_TOPIC, b"k", b"1", [], 0)])
            freeze(servers.kafka)
            with pytest.raises(TimeoutError):
                await opened.send([Record(_TOPIC, b"k", b"2", [], 0)])
    finally:
        wake_up(servers.kafka)

    await asyncio.sleep(0.5)
    assert asyncio.all_tasks() == before


async def test_a_consumer_that_cannot_leave_its_group_leaves_nothing_behind(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    kafka = servers.parts.kafka
    await ensure_topics(kafka, [_TOPIC], partitions=1, replication=1)
    before = asyncio.all_tasks()

    try:
        async with open_consumer(kafka, "abandoned", [_TOPIC], Unconcerned()) as consumer:
            await consumer.poll(1)
            freeze(servers.kafka)
            monkeypatch.setattr(deadlines, "REQUEST_DEADLINE", 2.0)
    finally:
        wake_up(servers.kafka)

    await asyncio.sleep(0.5)
    assert asyncio.all_tasks() == before
    gc.collect()  # a connection that is still open warns as it goes, and a warning is an error
