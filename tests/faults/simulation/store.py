"""The consumer's PostgreSQL: the copy with the guard in its row, the parked, and the effects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

from shared.events import EnterpriseState
from shared.streams.codec import Event
from shared.streams.copies import newest_by_key
from shared.streams.log import Spoken
from shared.streams.parking import Parked
from shared.streams.verdicts import Position
from tests.faults.simulation.schedule import step, until

_LOCK_TIMEOUT = 200
"""Steps."""

Place = tuple[str, tuple[int, int], UUID]
"""Key, position and id of a parked event; in this order they are taken up."""


class Effect(NamedTuple):
    """What a reaction did about an event."""

    key: str
    position: tuple[int, int]
    id: str


@dataclass
class Store:
    """What is committed, and who holds which row."""

    guarded: bool = True
    kept: dict[str, Position] = field(default_factory=dict)
    parked: dict[Place, Event[Any]] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    holders: dict[object, "StoreTx"] = field(default_factory=dict)

    def transaction(self) -> "StoreTx":
        """One unit of work; all of it is committed on leaving, or none of it."""
        return StoreTx(self)

    def head(self, key: str) -> Place | None:
        """The first parked event of a key."""
        return min((place for place in self.parked if place[0] == key), default=None)


class StoreTx:
    """A transaction under READ COMMITTED; rows that it writes are held until its end."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.cause: Any = None
        self.actor: Any = None
        self.kept: dict[str, Position] = {}
        self.parked: dict[Place, Event[Any]] = {}
        self.unparked: set[Place] = set()
        self.effects: list[Effect] = []

    async def __aenter__(self) -> Self:
        """Begin."""
        await step("begin")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit or roll back; who is ended or cut off after the commit never learns of it."""
        try:
            if kind is None:
                await step("commit")
                self._commit()
        finally:
            holders = self.store.holders
            self.store.holders = {row: who for row, who in holders.items() if who is not self}
        if kind is None:
            await step("committed")

    def _commit(self) -> None:
        self.store.kept |= self.kept
        self.store.parked |= self.parked
        for place in self.unparked:
            self.store.parked.pop(place, None)
        self.store.effects += self.effects

    async def lock(self, row: object) -> None:
        """Hold a row. Raises TimeoutError, which also ends what would be a deadlock."""
        await until(lambda: self.store.holders.get(row, self) is self, _LOCK_TIMEOUT)
        self.store.holders[row] = self

    async def write_events(self) -> Spoken:
        """Nothing is announced here."""
        return Spoken((), frozenset())


class SimulatedCopy:
    """A copy whose upsert is a model; which state is the newest of a batch is production's."""

    state = EnterpriseState

    async def hear(self, tx: StoreTx, events: Sequence[Event[Any]]) -> set[str]:
        """INSERT ... ON CONFLICT DO UPDATE ... WHERE (epoch, seq) < excluded, ordered by id."""
        await step()
        applied = set()
        for key, event in sorted(newest_by_key(events).items()):
            await tx.lock(("copy", key))
            kept = tx.kept.get(key) or tx.store.kept.get(key)
            if kept is None or kept[:2] < event.position or not tx.store.guarded:
                tx.kept[key] = (*event.position, event.id)
                applied.add(key)
        return applied

    async def positions(self, tx: StoreTx, keys: Iterable[str]) -> dict[str, Position]:
        """Where each key stands."""
        await step()
        kept = tx.store.kept | tx.kept
        return {key: kept[key] for key in keys if key in kept}


async def parked_keys(tx: StoreTx, _topic: str, keys: Iterable[str]) -> set[str]:
    """Which of these keys have an event that waits, as far as is committed."""
    await step()
    return {place[0] for place in tx.store.parked} & set(keys)


async def park(tx: StoreTx, parked: Sequence[Parked]) -> None:
    """INSERT ... ON CONFLICT DO NOTHING, which waits for whoever writes the same row."""
    for each in parked:
        assert each.event is not None
        await step()
        place = (each.event.key, each.event.position, each.event.id)
        await tx.lock(("parked", place))
        if place in tx.store.parked:
            del tx.store.holders["parked", place]
        else:
            tx.parked[place] = each.event


async def forget_parked(*_: object) -> None:
    """Nothing is erased here."""
