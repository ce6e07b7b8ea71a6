"""The listener's taking, judging and parking of production, in a member of a modelled group."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID, uuid5

from shared.events import EnterpriseState
from shared.streams.codec import Event
from shared.streams.hearing import Heard, Hearing
from shared.streams.kafka import Message, Record
from shared.streams.log import Tx
from shared.streams.taking import Taker
from tests.faults.simulation.kafka import Broker, Group
from tests.faults.simulation.postgres import said
from tests.faults.simulation.schedule import step
from tests.faults.simulation.store import Effect, SimulatedCopy, Store, StoreTx
from tests.support.invariants import Said
from tests.support.messages import a_message

BATCH = 4
_ANY_TIME = datetime(2026, 11, 24, tzinfo=UTC)
_TOPIC = EnterpriseState.topic
_TYPE = EnterpriseState.event_type("registered")
_SPACE = UUID(int=0)


@dataclass
class Consuming:
    """What the members of a group share: the database, and which keys fail for now."""

    store: Store
    broker: Broker
    group: Group = field(default_factory=Group)
    spoilt: set[str] = field(default_factory=set)
    commits_first: bool = False

    def __post_init__(self) -> None:
        """Build the hearing of production around the modelled copy."""
        self.copy = cast("Any", SimulatedCopy())
        self.hearing = Hearing("simulated", [self.copy], {EnterpriseState: self.react})
        self._taker = Taker(cast("Any", self.store), self.hearing)

    async def react(self, tx: Tx, event: Event[Any]) -> None:
        """Take effect in the transaction, or fail as a fault of our own would."""
        await step()
        if event.key in self.spoilt:
            raise ValueError
        cast("StoreTx", tx).effects.append(Effect(event.key, event.position, str(event.data)))

    async def consume(self, member: str) -> None:
        """A member: join, and take what the partitions bring until the group has changed."""
        while True:
            generation = self.group.join(member)
            places = {number: self.group.offsets[number] for number in self.group.owned(member)}
            try:
                while generation == self.group.generation:
                    for number, offset in places.items():
                        places[number] = await self._take(generation, number, offset)
                    await step()
            except ConnectionError:
                await step()

    async def _take(self, generation: int, number: int, offset: int) -> int:
        await step("fetch")
        partition = self.broker.partitions[number]
        records = partition.records[offset : min(partition.replicated, offset + BATCH)]
        if not records:
            return offset
        if self.commits_first:
            self.group.commit(generation, number, offset + len(records))
            await step("offset")
        heard = [heard_of(said(record.row)) for record in records]
        taken = await self._all_of(heard)
        await step("offset")
        self.group.commit(generation, number, offset + taken)
        return offset + taken

    async def _all_of(self, heard: list[Heard]) -> int:
        """The taker reads records; ours are read already."""
        go_on: Callable[[], bool] = lambda: True  # noqa: E731 (nobody interrupts it)
        taken = await self._taker.take(
            self.copy, cast("list[Message]", heard), go_on=go_on, may_wait=False
        )
        return taken.count

    async def redrive(self) -> None:
        """A redriver: the steps of `Redriver._take_up`, one key at a time, lowest first."""
        while True:
            await step()
            for key in sorted({place[0] for place in self.store.parked}):
                try:
                    while await self._take_up(key):
                        await step()
                except (ConnectionError, TimeoutError, ValueError):
                    await step()

    async def _take_up(self, key: str) -> bool:
        async with self.store.transaction() as tx:
            if self.store.holders.get(("key", key), tx) is not tx:
                return False
            await tx.lock(("key", key))
            place = self.store.head(key)
            if place is None:
                return False
            await tx.lock(("parked", place))
            if place not in self.store.parked:
                return False
            await self.hearing.apply(cast("Tx", tx), self.copy, [self.store.parked[place]])
            tx.unparked.add(place)
        return True


@lru_cache(maxsize=4096)
def heard_of(said: Said) -> Heard:
    """What a listener makes of a record of the log."""
    key, (epoch, seq), name = said
    event: Event[Any] = Event(
        uuid5(_SPACE, name), _TOPIC, _TYPE, key, epoch, seq, _ANY_TIME, cast("Any", name)
    )
    return Heard(a_message(Record(_TOPIC, key.encode(), name.encode(), [], 0)), event)
