"""The listener: hears topics, keeps the copies, and runs what a service does about them.

A batch is one transaction. An outage holds its partition, loudly, which is tried again with growing
pauses; any other failure parks its key, and the others go on (`taking.py`).
"""

import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from shared.database import Database
from shared.events.state import State
from shared.streams.copies import Copy
from shared.streams.hearing import Hearing, Reaction
from shared.streams.kafka import (
    Brokers,
    Consumer,
    ConsumerRebalanceListener,
    Message,
    TopicPartition,
    open_consumer,
)
from shared.streams.lags import Lag, Lags
from shared.streams.progress import Progress
from shared.streams.taking import Taken, Taker
from shared.streams.verdicts import LONGEST_WAIT, Failure, failure_of, hold_for
from shared.telemetry.instruments import REBALANCES, tried_again
from shared.waiting import wait

__all__ = ["Hold", "Listener", "Reaction"]

log = structlog.get_logger(__name__)

BATCH: Final = 1_000
DRAIN_DEADLINE: Final = 40.0
"""Seconds that the work in hand may take when its partition goes to another member; a rebalance
waits sixty, so what is not done by then is rolled back, and the other member does it."""
_TURN: Final = 20.0
"""Seconds after which a slow batch is left for the next look, so that the group hears of us."""


@dataclass(slots=True)
class Hold:
    """A partition that waits before a record that cannot be taken now."""

    until: float
    since: float
    """When it began to wait for this kind of thing; both on the monotonic clock."""
    failure: Failure
    attempts: int
    reason: str

    @property
    def waited(self) -> float:
        """For how many seconds by now."""
        return time.monotonic() - self.since


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
        self._kafka = kafka
        self._group = prefix + group
        self.hearing = Hearing(group, copies, reactions)
        self._taker = Taker(database, self.hearing)
        self._topics = {prefix + copy.state.topic: copy for copy in copies}
        self._consumer: Consumer | None = None
        self._work: asyncio.Task[None] | None = None
        self._draining = False
        self._offsets: dict[TopicPartition, int] = {}
        self.held: dict[TopicPartition, Hold] = {}
        self.progress = Progress()
        self._lags = Lags()

    async def lags(self) -> dict[str, Lag]:
        """How far the copies are behind, by topic, as far as this member hears them.

        Raises KafkaError, TimeoutError or OSError when it cannot be found out now.
        """
        if self._consumer is None:
            return {}
        return await self._lags.of(self._consumer, self._topics, self.held)

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set; a lost broker or group is joined again."""
        while not stop.is_set():
            try:
                await self._listen_until(stop)
            except Exception as error:  # noqa: BLE001 (any failure of the client: join anew)
                log.warning("listener.joins_again", group=self._group, error=type(error).__name__)
                await wait(stop, 1.0)

    async def _listen_until(self, stop: asyncio.Event) -> None:
        """Listen; joining a group may take as long as a rebalance, and is broken off at once."""
        self._consumer = None
        self._offsets.clear()
        self.progress.joins()
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
        async with open_consumer(self._kafka, self._group, list(self._topics), self) as consumer:
            self._consumer = consumer
            while not stop.is_set():
                self._release_due(consumer)
                batches = await consumer.poll(BATCH)
                self.progress.polled(sum(map(len, batches.values())))
                # What was read before a rebalance is read again by whoever owns it after.
                if batches and not self._draining:
                    await self._do(self._take(consumer, batches, stop))
                elif self.progress.wants_a_look_behind:
                    self.progress.found(await consumer.behind(except_for=self.held))

    async def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Work in a task of its own, which a rebalance can wait for, and end."""
        self._work = asyncio.create_task(work)
        try:
            await asyncio.wait([self._work])
        finally:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        if not self._work.cancelled():
            self._work.result()

    async def _take(
        self,
        consumer: Consumer,
        batches: Mapping[TopicPartition, list[Message]],
        stop: asyncio.Event,
    ) -> None:
        until = time.monotonic() + _TURN

        def go_on() -> bool:
            return not (self._draining or stop.is_set() or time.monotonic() > until)

        for place, records in batches.items():
            if consumer.owns(place):
                copy, may_wait = self._topics[place.topic], self._may_wait(place)
                taken = await self._taker.take(copy, records, go_on=go_on, may_wait=may_wait)
                self._note(consumer, place, records, taken)
        await self._commit(consumer)

    def _note(
        self, consumer: Consumer, place: TopicPartition, records: list[Message], taken: Taken
    ) -> None:
        """Remember how far a partition is taken; what is left of the batch is read again."""
        self._lags.reached(place, records[min(taken.count, len(records) - 1)])
        if taken.count:
            self._offsets[place] = records[taken.count - 1].offset + 1
        if taken.count == len(records):
            self.held.pop(place, None)
        elif taken.failed is not None:
            self._hold(consumer, place, records[taken.count].offset, taken.failed)
        else:
            consumer.go_back(place, records[taken.count].offset)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Let the work in hand be finished and committed before another member begins.

        aiokafka swallows what is raised here, and gives up on us after its rebalance timeout.
        """
        self._draining = True
        if self._work is not None and not self._work.done():
            _, late = await asyncio.wait([self._work], timeout=DRAIN_DEADLINE)
            if late:
                log.error("listener.rolls_back", group=self._group, partitions=len(revoked))
                self._work.cancel()
                await asyncio.wait(late)
        if self._consumer is not None:
            await self._commit(self._consumer)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Begin where the group stands; what was held stays held, which aiokafka forgets."""
        self.held = {place: hold for place, hold in self.held.items() if place in assigned}
        if self._consumer is not None:
            for place in self.held:
                self._consumer.hold(place)
        self._draining = False
        REBALANCES.add(1, {"messaging.consumer.group.name": self._group})
        log.info("listener.assigned", group=self._group, partitions=len(assigned))

    async def _commit(self, consumer: Consumer) -> None:
        if self._offsets:
            offsets, self._offsets = self._offsets, {}
            await consumer.commit(offsets)

    def _may_wait(self, place: TopicPartition) -> bool:
        """Whether a reference that was not heard of yet may hold the partition still."""
        hold = self.held.get(place)
        if hold is None or hold.failure is not Failure.NOT_YET:
            return True
        return hold.waited < LONGEST_WAIT

    def _hold(
        self, consumer: Consumer, place: TopicPartition, offset: int, error: Exception
    ) -> None:
        now, failure, before = time.monotonic(), failure_of(error), self.held.get(place)
        attempts = before.attempts + 1 if before else 1
        since = before.since if before and before.failure is failure else now
        reason = type(error).__name__
        tried_again(self._topics[place.topic].state.topic, "hold")
        self.held[place] = Hold(now + hold_for(attempts), since, failure, attempts, reason)
        consumer.go_back(place, offset)
        consumer.hold(place)
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
