"""A producer that failed is gone: it sends nothing later and leaves nothing running."""

import asyncio
from uuid import uuid4

import pytest

from shared.streams.kafka import Record, ensure_topics, open_producer, producer
from tests.faults.servers import Servers, freeze, wake_up

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
