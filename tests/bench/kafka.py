"""Bare aiokafka, the baseline of the streams."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.streams.kafka import ensure_topics

PARTITIONS = 4


async def create_topic(bootstrap: str, name: str) -> None:
    """Create a topic with the settings of ours."""
    await ensure_topics(bootstrap, [name], partitions=PARTITIONS, replication=1)


@asynccontextmanager
async def bare_producer(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    """A plain idempotent producer."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def bare_consumer(bootstrap: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group, which stands at the end of the topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_end(*places)
        await asyncio.gather(*(consumer.position(place) for place in places))
        yield consumer
    finally:
        await consumer.stop()
