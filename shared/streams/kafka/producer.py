"""The fenced producer: whole batches, in order, and no predecessor of it can still write."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.sentences import Spoken
from shared.streams.kafka.brokers import Brokers, reach
from shared.streams.kafka.deadlines import REQUEST_DEADLINE
from shared.streams.kafka.partition import partition_of
from shared.streams.kafka.records import Record

SEND_DEADLINE: Final = 20.0
"""Seconds until a whole slice of records must be acknowledged."""
_BATCH_BYTES: Final = 512 * 1024
_CANCEL_PAUSE: Final = 0.05


class EventTooLarge(Spoken):
    """An event has more bytes than a batch may have, so nothing after it can go out either."""

    def __init__(self, record: Record) -> None:
        super().__init__(f"an event of {record.topic} has {len(record.value or b'')} bytes")


class Producer:
    """Sends whole batches, one per partition, in the order given."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._partitions: dict[str, int] = {}

    async def send(self, records: Iterable[Record]) -> None:
        """Return when the brokers hold every record; raises on the first that they refuse."""
        async with asyncio.timeout(SEND_DEADLINE):
            batches = await self._batches(records)
            await asyncio.gather(*(self._send(*place, row) for place, row in batches.items()))

    async def _send(self, topic: str, partition: int, batches: list[BatchBuilder]) -> None:
        acknowledged = [
            await self._producer.send_batch(batch, topic, partition=partition) for batch in batches
        ]
        await asyncio.gather(*acknowledged)

    async def _batches(
        self, records: Iterable[Record]
    ) -> Mapping[tuple[str, int], list[BatchBuilder]]:
        batches: dict[tuple[str, int], list[BatchBuilder]] = {}
        for record in records:
            count = self._partitions.get(record.topic) or await self._count(record.topic)
            place = record.topic, partition_of(record.key, count)
            row = batches.setdefault(place, [])
            if not (row and _append(row[-1], record)):
                row.append(self._producer.create_batch())
                if not _append(row[-1], record):
                    raise EventTooLarge(record)
        return batches

    async def _count(self, topic: str) -> int:
        count = len(await self._producer.partitions_for(topic))
        self._partitions[topic] = count
        return count


def _append(batch: BatchBuilder, record: Record) -> bool:
    added = batch.append(
        timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=record.headers
    )
    return added is not None


@asynccontextmanager
async def open_producer(brokers: Brokers, fence: str) -> AsyncIterator[Producer]:
    """A producer that shuts out every earlier one opened under the same fence.

    A throw-away transactional producer raises the epoch of `fence` at the broker; the real one
    takes over its id and epoch and stays a plain idempotent producer. So what a predecessor still
    has in flight is refused once the successor has written to that partition, at no cost per
    message and with no isolation level to ask of subscribers.
    """
    pid, epoch = await _raise_epoch(brokers, fence)
    producer = AIOKafkaProducer(
        **reach(brokers),
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=int(REQUEST_DEADLINE * 1000),
        max_batch_size=_BATCH_BYTES,
        linger_ms=0,
    )
    producer._txn_manager.set_pid_and_epoch(pid, epoch)  # noqa: SLF001 (the pinned private name)
    try:
        async with asyncio.timeout(REQUEST_DEADLINE):
            await producer.start()
        yield Producer(producer)
    finally:
        await _abandon(producer)


async def _abandon(producer: AIOKafkaProducer) -> None:
    """End a producer at once, with whatever it still has in hand.

    What was acknowledged is done, and the rest is sent again by its successor. aiokafka's own stop
    would first deliver the rest, for which an idempotent producer tries for ever.
    """
    producer._closed = True  # noqa: SLF001 (what stop() sets)
    sending = producer._sender.sender_task  # noqa: SLF001 (stop() waits for it, and never ends it)
    async with asyncio.timeout(REQUEST_DEADLINE):
        while sending is not None and not sending.done():
            sending.cancel()  # the first time it begins to wait for a request, then the request
            await asyncio.wait([sending], timeout=_CANCEL_PAUSE)
        await asyncio.gather(producer.client.close(), return_exceptions=True)


async def _raise_epoch(brokers: Brokers, fence: str) -> tuple[int, int]:
    envoy = AIOKafkaProducer(
        **reach(brokers),
        transactional_id=fence,
        request_timeout_ms=int(REQUEST_DEADLINE * 1000),
    )
    try:
        async with asyncio.timeout(REQUEST_DEADLINE):
            await envoy.start()
        state = envoy._txn_manager  # noqa: SLF001 (as above)
        return state.producer_id, state.producer_epoch
    finally:
        await _abandon(envoy)
