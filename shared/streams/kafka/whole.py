"""Reads a topic from its first record to its last, in no group, so that nobody's place moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.streams.kafka.brokers import Brokers, reach
from shared.streams.kafka.deadlines import REQUEST_DEADLINE, stop
from shared.streams.kafka.records import Message

_POLL_MS: Final = 1_000


class WholeTopic:
    """A topic read from its beginning, to an end that is asked for."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.done = 0
        """How many records' places have been passed."""
        self.total = 0
        """How many there are up to the end last asked for."""

    async def to_the_end(self) -> AsyncIterator[list[Message]]:
        """Read on to what is the end at the time of asking, each partition in its order."""
        consumer = self._consumer
        async with asyncio.timeout(REQUEST_DEADLINE):
            places = consumer.assignment()
            ends = await consumer.end_offsets(places)
            first = await consumer.beginning_offsets(places)
        if not places:
            raise ConnectionError("there is no such topic")
        self.total = sum(ends[place] - first[place] for place in places)
        while left := {place for place in places if await self._position(place) < ends[place]}:
            async with asyncio.timeout(REQUEST_DEADLINE):
                fetched = await consumer.getmany(timeout_ms=_POLL_MS)
            self.done = sum([await self._position(place) - first[place] for place in places])
            yield [
                message
                for place in left & fetched.keys()
                for message in fetched[place]
                if message.offset < ends[place]
            ]

    async def _position(self, place: TopicPartition) -> int:
        async with asyncio.timeout(REQUEST_DEADLINE):
            position: int = await self._consumer.position(place)
        return position


@asynccontextmanager
async def open_whole(brokers: Brokers, topic: str) -> AsyncIterator[WholeTopic]:
    """Begin to read a topic.

    Raises ConnectionError when there is no such topic or Kafka cannot be asked, TimeoutError when
    it stops answering; so does the reading.
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
        yield WholeTopic(consumer)
    except (KafkaError, AssertionError) as failure:  # the latter comes of a broker that leaves
        raise ConnectionError(type(failure).__name__) from failure
    finally:
        await stop(consumer)


async def read_whole(brokers: Brokers, topic: str) -> AsyncIterator[Message]:
    """All that the topic holds at the time of asking, each partition in its order.

    Raises ConnectionError and TimeoutError as `open_whole`.
    """
    async with open_whole(brokers, topic) as whole:
        async for messages in whole.to_the_end():
            for message in messages:
                yield message


async def committed(brokers: Brokers, group: str) -> dict[TopicPartition, int]:
    """The next record of each partition that a group has to read; none it never committed."""
    admin = AIOKafkaAdminClient(**reach(brokers))
    try:
        async with asyncio.timeout(REQUEST_DEADLINE):
            await admin.start()
            found = await admin.list_consumer_group_offsets(group)
    except (KafkaError, AssertionError) as failure:
        raise ConnectionError(type(failure).__name__) from failure
    finally:
        await stop(admin)
    return {place: told.offset for place, told in found.items()}
