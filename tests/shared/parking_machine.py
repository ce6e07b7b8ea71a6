"""One partition, taken and redriven in any order, beside what plain sets say of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.access.actor import system
from shared.database import Database
from shared.events import EnterpriseState
from shared.refusals import Unavailable
from shared.streams import parked_verbs as verbs
from shared.streams.codec import Event
from shared.streams.hearing import Hearing
from shared.streams.kafka import Message, Record
from shared.streams.log import Tx
from shared.streams.redrive import Redriver
from shared.streams.taking import Taken, Taker
from shared.web.etags import Versions
from tests.support.messages import ENTERPRISE, a_message, a_record, a_state
from tests.support.stage import COPY

KEYS = [uuid5(ENTERPRISE, f"machine {number}") for number in range(3)]
_KEY = st.sampled_from(KEYS)
Place = tuple[UUID, int]

_EMPTY = "TRUNCATE enterprise_copy, reacted, parked_event RESTART IDENTITY"
_WAITING = "SELECT id, key, seq, version FROM parked_event WHERE state = 'retry' ORDER BY key, seq"


def _everything(taken: Taken, _asked: int) -> int:
    return taken.count


@dataclass
class Line:
    """The service whose listener and redriver are tried, with reactions that fail as told."""

    runner: asyncio.Runner
    database: Database
    superuser: sa.ext.asyncio.AsyncEngine
    committed: Callable[[Taken, int], int] = _everything
    broken: set[Place] = field(default_factory=set)
    away: bool = False

    def __post_init__(self) -> None:
        """Make what is tried."""
        hearing = Hearing("registry", [COPY], {EnterpriseState: self.react})
        self.taker = Taker(self.database, hearing)
        self.redriver = Redriver(self.database, hearing)

    async def react(self, tx: Tx, event: Event[EnterpriseState]) -> None:
        """Note the event, or fail by it."""
        if self.away:
            raise Unavailable("The key store does not answer.")
        if (UUID(event.key), event.seq) in self.broken:
            raise ZeroDivisionError
        note = {"key": event.key, "seq": event.seq}
        await tx.execute(sa.text("INSERT INTO reacted (key, seq) VALUES (:key, :seq)"), note)

    async def take(self, records: list[Message]) -> Taken:
        """Take what was read."""
        return await self.taker.take(COPY, records, go_on=lambda: True, may_wait=False)

    async def rows(self, statement: str) -> list[sa.RowMapping]:
        """What a statement finds, whoever may ask it."""
        async with self.superuser.begin() as connection:
            found = await connection.execute(sa.text(statement))
            return list(found.mappings()) if found.returns_rows else []


class Parking(RuleBasedStateMachine):
    """Events are said, read, read again, fail, are healed, taken up and put aside."""

    line: ClassVar[Line]

    @initialize()
    def begin(self) -> None:
        """Nothing was said."""
        self.said: list[Place] = []
        self.offset = 0
        self.skipped: set[Place] = set()
        self.line.broken, self.line.away = set(), False
        self._rows(_EMPTY)

    @rule(events=st.lists(st.tuples(_KEY, st.sampled_from([False, False, True])), max_size=5))
    def say(self, events: list[tuple[UUID, bool]]) -> None:
        """The next events of some keys stand at the end of the partition."""
        for key, broken in events:
            place = key, 1 + sum(said == key for said, _ in self.said)
            self.said.append(place)
            if broken:
                self.line.broken.add(place)

    @precondition(lambda self: self.offset < len(self.said))
    @rule(most=st.integers(1, 8))
    def read(self, most: int) -> None:
        """Read on, and commit how far it was taken."""
        before, waiting = self._kept(), {key for key, _ in self._waiting()}
        batch = self._records(self.offset, self.offset + most)
        taken = self.line.runner.run(self.line.take(batch))
        self.offset += self.line.committed(taken, len(batch))
        for key in waiting:
            assert self._kept().get(key) == before.get(key), "who came later went first"

    @precondition(lambda self: self.offset > 0)
    @rule(back=st.integers(1, 8))
    def read_again(self, back: int) -> None:
        """A process that died before its commit reads the same again."""
        self.line.runner.run(self.line.take(self._records(self.offset - back, self.offset)))

    @rule(away=st.sampled_from([False, False, True]))
    def lose_or_find_a_part(self, *, away: bool) -> None:
        """What every reaction needs is away, or there again."""
        self.line.away = away

    @rule(key=_KEY)
    def heal(self, key: UUID) -> None:
        """Whatever was wrong with a key's events is repaired."""
        self.line.broken = {place for place in self.line.broken if place[0] != key}

    @rule()
    def redrive(self) -> None:
        """All that is parked is taken up, as far as it goes."""
        self._rows("UPDATE parked_event SET next_attempt_at = now() WHERE state = 'retry'")
        try:
            self.line.runner.run(self.line.redriver.redrive())
        except Unavailable:
            assert self.line.away

    @precondition(lambda self: self._waiting())
    @rule()
    def skip_one(self) -> None:
        """The first event that waits is put aside by somebody."""
        row = self._rows(_WAITING)[0]
        self.line.runner.run(self._skip(row))
        self.skipped.add((UUID(row["key"]), row["seq"]))

    async def _skip(self, row: sa.RowMapping) -> None:
        async with self.line.database.transaction(system("test")) as tx:
            await verbs.skip(tx, row["id"], Versions([row["version"]]), "INC-7")

    @invariant()
    def effects_are_once_and_in_order(self) -> None:
        """Every key's effects rise, and the last of them is what is kept."""
        kept = self._kept()
        for key in KEYS:
            effects = [seq for effect, seq in self._effects() if effect == key]
            assert effects == sorted(set(effects)), "an effect twice, or out of order"
            assert kept.get(key, 0) == (effects[-1] if effects else 0), "kept and not reacted to"

    @invariant()
    def healthy_keys_flow(self) -> None:
        """A key of which nothing was read that fails is as far as it was read."""
        read = self.said[: self.offset]
        failing = self.line.broken | set(self._waiting()) | self.skipped
        for key in {key for key, _ in read} - {key for key, _ in failing}:
            assert self._kept().get(key) == max(seq for said, seq in read if said == key)

    def teardown(self) -> None:
        """When all is well again, nothing waits and nothing is missing."""
        if not hasattr(self, "said"):
            return
        self.line.broken, self.line.away = set(), False
        while self.offset < len(self.said):
            self.read(8)
        self.redrive()
        assert self._waiting() == []
        for key in KEYS:
            told = {seq for said, seq in self.said if said == key}
            aside = {seq for said, seq in self.skipped if said == key}
            kept = self._kept().get(key, 0)
            assert kept in {max(told - aside, default=0), max(told, default=0)}, "something is lost"

    def _records(self, first: int, end: int) -> list[Message]:
        places = list(enumerate(self.said))[max(first, 0) : end]
        return [a_message(_said(*place), offset=offset) for offset, place in places]

    def _kept(self) -> dict[UUID, int]:
        return {row["id"]: row["seq"] for row in self._rows("SELECT id, seq FROM enterprise_copy")}

    def _effects(self) -> list[Place]:
        rows = self._rows("SELECT key, seq FROM reacted ORDER BY n")
        return [(UUID(row["key"]), row["seq"]) for row in rows]

    def _waiting(self) -> list[Place]:
        return [(UUID(row["key"]), row["seq"]) for row in self._rows(_WAITING)]

    def _rows(self, statement: str) -> list[sa.RowMapping]:
        return self.line.runner.run(self.line.rows(statement))


def _said(key: UUID, seq: int) -> Record:
    return a_record(a_state(id=key), seq=seq, event_id=uuid5(key, str(seq)))
