"""The broker: partitions that are replicated, what is on its way to them, and a consumer group."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.simulation.postgres import said
from tests.faults.simulation.schedule import step, until
from tests.support.invariants import Said

PARTITIONS = 2
_REQUEST_TIMEOUT = 400
"""Steps."""


class Fenced(Exception):
    """A newer producer of the same name has written there."""


@dataclass(eq=False)
class Sent:
    """A record, on its way or written at an offset."""

    row: dict[str, Any]
    producer: "Producer"
    offset: int | None = None


@dataclass
class Partition:
    """What is written; what of it is not replicated may still be lost."""

    records: list[Sent] = field(default_factory=list)
    replicated: int = 0

    @property
    def fence(self) -> int:
        """The highest epoch of a producer that has written here."""
        return max((record.producer.epoch for record in self.records), default=0)


class Broker:
    """All partitions, and the records that are still on the wire, by producer and partition."""

    def __init__(
        self, chance: random.Random, *, fenced: bool = True, acks_all: bool = True
    ) -> None:
        self.partitions = [Partition() for _ in range(PARTITIONS)]
        self._chance = chance
        self._fenced = fenced
        self._acks_all = acks_all
        self._wire: dict[tuple[Producer, int], deque[Sent]] = {}
        self._stalled: dict[tuple[Producer, int], int] = {}
        self._epoch = 0

    def open_producer(self) -> "Producer":
        """Open a producer whose epoch is higher than that of all before."""
        self._epoch += 1
        return Producer(self, self._epoch)

    async def live(self) -> None:
        """Deliver what is on the wire, and replicate what was delivered, now and then."""
        while True:
            await step()
            moving = [route for route in self._wire if not self._is_stalled(route)]
            if moving and self._chance.random() < 0.7:
                self._deliver(self._chance.choice(moving))
            else:
                partition = self._chance.choice(self.partitions)
                partition.replicated = len(partition.records)

    def stall(self, steps: int) -> None:
        """Let what is on the wire now, and what follows it there, come late."""
        self._stalled |= dict.fromkeys(self._wire, steps)

    def _is_stalled(self, route: tuple["Producer", int]) -> bool:
        left = self._stalled.get(route, 0)
        self._stalled[route] = left - 1
        return left > 0

    def send(self, producer: "Producer", number: int, record: Sent) -> None:
        """Put a record on the wire, behind the others of its producer to that partition."""
        self._wire.setdefault((producer, number), deque()).append(record)

    def _deliver(self, route: tuple["Producer", int]) -> None:
        producer, number = route
        partition, waiting = self.partitions[number], self._wire[route]
        if self._fenced and producer.epoch < partition.fence:
            producer.failure = Fenced()
            del self._wire[route]
            return
        record = waiting.popleft()
        record.offset = len(partition.records)
        partition.records.append(record)
        if not waiting:
            del self._wire[route]

    def forget(self, producer: "Producer") -> None:
        """Lose some of what a producer had put on the wire last."""
        for route in [route for route in self._wire if route[0] is producer]:
            waiting = self._wire[route]
            for _ in range(self._chance.randint(0, len(waiting))):
                waiting.pop()
            if not waiting:
                del self._wire[route]

    def acknowledged(self, number: int, record: Sent) -> bool:
        """Whether a record is safe, or in a wrong way only written."""
        safe = self.partitions[number].replicated
        return record.offset is not None and (not self._acks_all or record.offset < safe)

    def change_leader(self, number: int) -> None:
        """Let a replica lead: what it did not have is gone, and whoever sent it is told.

        What the same producer sent after it has a sequence that does not follow, and is refused.
        """
        partition = self.partitions[number]
        for record in partition.records[partition.replicated :]:
            record.offset, record.producer.failure = None, ConnectionError()
            self._wire.pop((record.producer, number), None)
        del partition.records[partition.replicated :]

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on the wire and all is replicated."""
        return not self._wire and all(p.replicated == len(p.records) for p in self.partitions)

    def said(self) -> list[Said]:
        """The topic as it is, each partition in its order."""
        return [said(record.row) for partition in self.partitions for record in partition.records]


class Producer:
    """Sends slices under one epoch, and waits until all of a slice is acknowledged."""

    def __init__(self, broker: Broker, epoch: int) -> None:
        self._broker = broker
        self.epoch = epoch
        self.failure: Exception | None = None

    async def send(self, rows: Sequence[dict[str, Any]]) -> None:
        """Raises Fenced, ConnectionError, and TimeoutError; what is on the wire may still land."""
        sent = [(partition_of(row["key"]), Sent(row, self)) for row in rows]
        for number, record in sent:
            self._broker.send(self, number, record)
        await until(lambda: self._acknowledged(sent), _REQUEST_TIMEOUT, "acks")

    def abandon(self) -> None:
        """Send nothing more; of what is on its way, the end may never have left."""
        self._broker.forget(self)

    def _acknowledged(self, sent: list[tuple[int, Sent]]) -> bool:
        if self.failure is not None:
            raise self.failure
        return all(self._broker.acknowledged(number, record) for number, record in sent)


def partition_of(key: str) -> int:
    """The partition of a key."""
    return ord(key[0]) % PARTITIONS


@dataclass
class Group:
    """Who owns which partition, and how far each is taken."""

    members: list[str] = field(default_factory=list)
    generation: int = 0
    offsets: list[int] = field(default_factory=lambda: [0] * PARTITIONS)

    def join(self, member: str) -> int:
        """Take part, which gives everyone other partitions; return the generation."""
        if member not in self.members:
            self.members.append(member)
            self.generation += 1
        return self.generation

    def evict(self, member: str) -> None:
        """Leave out a member that was not heard of for too long."""
        if member in self.members:
            self.members.remove(member)
            self.generation += 1

    def owned(self, member: str) -> list[int]:
        """The partitions of a member."""
        place = self.members.index(member)
        return [n for n in range(PARTITIONS) if n % len(self.members) == place]

    def commit(self, generation: int, number: int, offset: int) -> None:
        """Remember the next offset to read. Raises ConnectionError after a rebalance."""
        if generation != self.generation:
            raise ConnectionError
        self.offsets[number] = offset
