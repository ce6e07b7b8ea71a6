"""The listener: hears topics, keeps the copies, and runs what a service does about them.

A batch is one transaction. A message that cannot be taken holds its partition, loudly, and is
tried again with growing pauses; nothing is skipped and the other partitions go on.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import structlog

from shared.access.actor import system
from shared.database import Database, settle
from shared.events.state import State
from shared.sentences import Sentence
from shared.streams.codec import EnvelopeError, Event, from_binary
from shared.streams.copies import Copy, newest_by_key
from shared.streams.kafka import (
    Brokers,
    Consumer,
    ConsumerRebalanceListener,
    Message,
    TopicPartition,
    open_consumer,
)
from shared.streams.log import Cause, Tx
from shared.streams.tracing import process_span
from shared.waiting import wait

log = structlog.get_logger(__name__)

BATCH = 1_000
_SHORTEST_HOLD = 0.1
_LONGEST_HOLD = 30.0

Reaction = Callable[[Tx, Event[Any]], Awaitable[None]]
Position = tuple[int, int, Any]


class Verdict(Enum):
    """What an event is to a copy that stands at some position."""

    APPLY = "apply"
    DUPLICATE = "duplicate"
    STALE = "stale"
    FORK = "fork"


class Fork(Exception):
    """Two events claim one position of one aggregate: a log was rolled back behind our back."""


def decide(position: Position | None, event: Event[Any]) -> Verdict:
    """Judge an event by where its copy stands; a gap in the sequence is normal on a state topic."""
    if position is None or event.position > position[:2]:
        return Verdict.APPLY
    if event.position < position[:2]:
        return Verdict.STALE
    return Verdict.DUPLICATE if event.id == position[2] else Verdict.FORK


@dataclass(slots=True)
class Hold:
    """A partition that waits before a message that could not be taken."""

    until: float
    attempts: int
    reason: str


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """One member of a service's consumer group; all its copies and reactions in one place."""

    def __init__(  # noqa: PLR0913 (all but two are named at the call)
        self,
        database: Database,
        kafka: Brokers,
        *,
        group: str,
        copies: Sequence[Copy[Any]],
        reactions: Mapping[type[State], Reaction] | None = None,
        prefix: str = "",
    ) -> None:
        """Raises ValueError when a reaction has no copy to remember what was reacted to."""
        self._database = database
        self._kafka = kafka
        self._group = prefix + group
        self._copies = {prefix + copy.state.topic: copy for copy in copies}
        self._reactions = dict(reactions or {})
        if unheard := set(self._reactions) - {copy.state for copy in copies}:
            message = f"no copy for {', '.join(state.topic for state in unheard)}"
            raise ValueError(message)
        self._at_work = asyncio.Lock()
        self._consumer: Consumer | None = None
        self._offsets: dict[TopicPartition, int] = {}
        self.held: dict[TopicPartition, Hold] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set; a lost broker or group is joined again."""
        while not stop.is_set():
            try:
                await self._listen_until(stop)
            except Exception as error:  # noqa: BLE001 (any failure of the client: join anew)
                log.warning("listener.joins_again", group=self._group, error=type(error).__name__)
                self.held.clear()
                await wait(stop, 1.0)

    async def _listen_until(self, stop: asyncio.Event) -> None:
        """Listen; joining a group may take as long as a rebalance, and is broken off at once."""
        self._consumer = None
        listening = asyncio.create_task(self._listen(stop))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((listening, stopped), return_when=asyncio.FIRST_COMPLETED)
            if self._consumer is None:
                listening.cancel()
            await asyncio.gather(listening, return_exceptions=stop.is_set())
        finally:
            listening.cancel()
            stopped.cancel()

    async def _listen(self, stop: asyncio.Event) -> None:
        async with open_consumer(self._kafka, self._group, list(self._copies), self) as consumer:
            self._consumer = consumer
            while not stop.is_set():
                self._release_due(consumer)
                batches = await consumer.poll(BATCH)
                async with self._at_work:
                    for place, records in batches.items():
                        if consumer.owns(place):
                            await self._hear(consumer, place, records)
                    await self._commit(consumer)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Let the work in hand be finished and committed before another member begins."""
        async with self._at_work:
            if self._consumer is not None:
                await self._commit(self._consumer)
            for place in revoked:
                self.held.pop(place, None)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Begin where the group stands."""
        log.info("listener.assigned", group=self._group, partitions=len(assigned))

    async def _commit(self, consumer: Consumer) -> None:
        if self._offsets:
            offsets, self._offsets = self._offsets, {}
            await consumer.commit(offsets)

    async def _hear(
        self, consumer: Consumer, place: TopicPartition, records: list[Message]
    ) -> None:
        copy = self._copies[place.topic]
        taken = 0
        try:
            events = [_decode(copy, record) for record in records]
            await self._take(copy, events)
            taken = len(records)
        except Exception as first:  # noqa: BLE001 (told apart one by one, then held)
            taken, reason = await self._one_by_one(copy, records, first)
            if taken < len(records):
                self._hold(consumer, place, records[taken].offset, reason)
        if taken:
            self._offsets[place] = records[taken - 1].offset + 1
        if taken == len(records):
            self.held.pop(place, None)

    async def _one_by_one(
        self, copy: Copy[Any], records: list[Message], first: Exception
    ) -> tuple[int, Exception]:
        """Take what can be taken before the message that cannot; return how many, and why."""
        if len(records) == 1:
            return 0, first
        for index, record in enumerate(records):
            try:
                await self._take(copy, [_decode(copy, record)])
            except Exception as error:  # noqa: BLE001 (whatever it is, it holds the partition)
                return index, error
        return len(records), first

    async def _take(self, copy: Copy[Any], events: list[Event[Any]]) -> None:
        """Keep and react in one transaction; only what became newer is reacted to."""
        topic, origins = copy.state.topic, [event.traceparent for event in events]
        with process_span(self._group, topic, origins):
            async with self._database.transaction() as tx:
                applied = await copy.hear(tx, events)
                if len(applied) < len(events):
                    await _refuse_forks(tx, copy, events)
                if reaction := self._reactions.get(copy.state):
                    newest = newest_by_key(events)
                    for key in newest.keys() & applied:
                        await self._react(tx, reaction, newest[key])

    async def _react(self, tx: Tx, reaction: Reaction, event: Event[Any]) -> None:
        """React as the service itself; what came of it names this event, and no later one."""
        tx.cause = Cause(event.id, event.correlation)
        tx.actor = system(self._group, getattr(reaction, "__name__", "react"))
        await reaction(tx, event)
        await settle(tx)

    def _hold(
        self, consumer: Consumer, place: TopicPartition, offset: int, error: Exception
    ) -> None:
        previous = self.held.get(place)
        attempts = previous.attempts + 1 if previous else 1
        pause = min(_LONGEST_HOLD, _SHORTEST_HOLD * 2 ** min(attempts, 12))
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 (jitter)
        reason = Sentence(error) if isinstance(error, EnvelopeError) else type(error).__name__
        self.held[place] = Hold(time.monotonic() + pause, attempts, reason)
        consumer.hold(place, offset)
        log.error(
            "listener.held",
            topic=place.topic,
            partition=place.partition,
            offset=offset,
            attempts=attempts,
            reason=reason,
        )

    def _release_due(self, consumer: Consumer) -> None:
        now = time.monotonic()
        for place, hold in self.held.items():
            if hold.until <= now and consumer.owns(place):
                consumer.release(place)


def _decode(copy: Copy[Any], record: Message) -> Event[Any]:
    return from_binary(copy.state, record.key, record.value, record.headers)


async def _refuse_forks(tx: Tx, copy: Copy[Any], events: list[Event[Any]]) -> None:
    positions = await copy.positions(tx, [event.key for event in events])
    for event in events:
        if decide(positions.get(event.key), event) is Verdict.FORK:
            message = f"{copy.state.topic} has two events {event.epoch}/{event.seq} of one key"
            raise Fork(message)
