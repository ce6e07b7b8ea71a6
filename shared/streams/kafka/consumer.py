"""A member of a consumer group, which commits what it is told to and nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError

from shared.streams.kafka.brokers import Brokers, reach
from shared.streams.kafka.deadlines import REQUEST_DEADLINE, stop
from shared.streams.kafka.receiving import received
from shared.streams.kafka.records import Message

JOIN_DEADLINE: Final = 90.0
"""Seconds; longer than a rebalance, since giving up in the middle of one begins another."""


class Consumer:
    """A member of a consumer group that commits only what it is told to."""

    def __init__(self, consumer: AIOKafkaConsumer, group: str) -> None:
        self._consumer = consumer
        self._group = group

    async def poll(self, most: int) -> dict[TopicPartition, list[Message]]:
        """Up to `most` records by partition; an empty answer after a fifth of a second."""
        began = time.time_ns()
        async with asyncio.timeout(REQUEST_DEADLINE):
            fetched = await self._consumer.getmany(timeout_ms=200, max_records=most)
        if fetched:
            received(self._group, fetched.values(), began)
        return dict(fetched)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Remember the next offset to read of each partition that is still ours."""
        ours = self._consumer.assignment()
        kept = {place: offset for place, offset in offsets.items() if place in ours}
        if kept:
            async with asyncio.timeout(REQUEST_DEADLINE):
                await self._consumer.commit(kept)

    def owns(self, place: TopicPartition) -> bool:
        """Whether the partition is still assigned to us."""
        return place in self._consumer.assignment()

    async def behind(self, *, except_for: Container[TopicPartition]) -> int:
        """How many records of our partitions were not read; 0 when it cannot be found out now."""
        try:
            lags = await self.lags()
        except (KafkaError, TimeoutError, OSError):
            return 0
        return sum(lag for place, lag in lags.items() if place not in except_for)

    async def lags(self) -> dict[TopicPartition, int]:
        """How many records of each of our partitions were not read.

        Raises KafkaError, TimeoutError or OSError when it cannot be found out now.
        """
        places = list(self._consumer.assignment())
        async with asyncio.timeout(REQUEST_DEADLINE):
            ends = await self._consumer.end_offsets(places) if places else {}
            return {at: end - await self._consumer.position(at) for at, end in ends.items()}

    def go_back(self, place: TopicPartition, offset: int) -> None:
        """Read on from `offset`; nothing is done to a partition that is no longer ours."""
        if self.owns(place):
            self._consumer.seek(place, offset)

    def hold(self, place: TopicPartition) -> None:
        """Read no more of a partition until it is released, or assigned anew."""
        if self.owns(place):
            self._consumer.pause(place)

    def release(self, place: TopicPartition) -> None:
        """Read a held partition again."""
        self._consumer.resume(place)


@asynccontextmanager
async def open_consumer(
    brokers: Brokers, group: str, topics: Sequence[str], listener: ConsumerRebalanceListener
) -> AsyncIterator[Consumer]:
    """Join a group from the earliest record: a topic of states has nothing to skip."""
    consumer = AIOKafkaConsumer(
        **reach(brokers),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        partition_assignment_strategy=(StickyPartitionAssignor,),
        request_timeout_ms=int(REQUEST_DEADLINE * 1000),
        # A member that was killed keeps its partitions, and a rebalance waiting, for this long.
        session_timeout_ms=10_000,
        heartbeat_interval_ms=3_000,
        rebalance_timeout_ms=60_000,
        max_poll_interval_ms=600_000,
        fetch_max_wait_ms=100,
        # A topic that was lost and made again is found so soon; five minutes are the default.
        metadata_max_age_ms=5_000,
    )
    consumer.subscribe(list(topics), listener=listener)
    try:
        async with asyncio.timeout(JOIN_DEADLINE):
            await consumer.start()
        yield Consumer(consumer, group)
    finally:
        await stop(consumer)
