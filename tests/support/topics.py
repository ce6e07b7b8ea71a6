"""Reads and writes topics as any subscriber or foreign program would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.events import EnterpriseState
from shared.streams.codec import Event
from shared.streams.kafka import Record
from tests.support.ecosystem import PARTITIONS, Ecosystem
from tests.support.messages import heard


async def messages(ecosystem: Ecosystem, topic: str = EnterpriseState.topic) -> list[Record]:
    """Everything that a topic holds now, each partition in its order."""
    return await everything_on(ecosystem.parts.kafka, ecosystem.prefix + topic)


async def everything_on(kafka: str, *topics: str) -> list[Record]:
    """The same of topics by their whole names."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: list[Record] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            batch = await asyncio.wait_for(consumer.getmany(timeout_ms=100), 10)
            found += [
                Record(m.topic, m.key, m.value, m.headers, m.timestamp)
                for records in batch.values()
                for m in records
            ]
        return found
    finally:
        await consumer.stop()


async def events(ecosystem: Ecosystem) -> list[Event[EnterpriseState]]:
    """Everything that the enterprises' topic holds now, as events."""
    return [heard(record) for record in await messages(ecosystem)]


async def enough_events(ecosystem: Ecosystem, count: int) -> list[Event[EnterpriseState]] | None:
    """All events of the enterprises' topic once there are so many."""
    found = await events(ecosystem)
    return found if len(found) >= count else None


@asynccontextmanager
async def speaking(ecosystem: Ecosystem) -> AsyncIterator["Speaker"]:
    """A program that writes to the topics whatever it likes."""
    producer = AIOKafkaProducer(
        bootstrap_servers=ecosystem.parts.kafka, max_request_size=2_000_000, acks="all"
    )
    await producer.start()
    try:
        yield Speaker(ecosystem.prefix, producer)
    finally:
        await producer.stop()


class Speaker:
    """Sends records to the topics of one ecosystem."""

    def __init__(self, prefix: str, producer: AIOKafkaProducer) -> None:
        self._prefix = prefix
        self._producer = producer

    async def say(self, *records: Record, partition: int | None = None) -> None:
        """Send records in their order; to one partition, or to that of the key."""
        send = partial(self._producer.send_and_wait, partition=partition)
        for record in records:
            topic = self._prefix + record.topic
            headers = list(record.headers)
            await send(topic, record.value, key=record.key, headers=headers)
