"""Reads a topic from its first record to its last, in no group, so that nobody's place moves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from shared.streams.kafka.brokers import Brokers, reach
from shared.streams.kafka.deadlines import REQUEST_DEADLINE, stop
from shared.streams.kafka.records import Message

_POLL_MS: Final = 1_000


async def read_whole(brokers: Brokers, topic: str) -> AsyncIterator[Message]:
    """All that the topic holds at the time of asking, each partition in its order.

    Raises ConnectionError when there is no such topic or Kafka cannot be asked, TimeoutError when
    it stops answering.
    """
    consumer = AIOKafkaConsumer(
        topic,
        **reach(brokers),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=int(REQUEST_DEADLINE * 1000),
    )
    try:
        async with asyncio.timeout(REQUEST_DEADLINE):
            await consumer.start()
            places = consumer.assignment()
            ends = await consumer.end_offsets(places)
            first = await consumer.beginning_offsets(places)
        if not places:
            raise ConnectionError("there is no such topic")
        left = {place for place in places if first[place] < ends[place]}
        while left:
            async with asyncio.timeout(REQUEST_DEADLINE):
                fetched = await _some(consumer)
            for message in fetched:
                yield message
            async with asyncio.timeout(REQUEST_DEADLINE):
                left = {place for place in left if await consumer.position(place) < ends[place]}
    except (KafkaError, AssertionError) as failure:  # the latter comes of a broker that leaves
        raise ConnectionError(type(failure).__name__) from failure
    finally:
        await stop(consumer)


async def _some(consumer: AIOKafkaConsumer) -> list[Message]:
    """The next records, however long they take."""
    while True:
        fetched = await consumer.getmany(timeout_ms=_POLL_MS)
        if fetched:
            return [message for messages in fetched.values() for message in messages]
