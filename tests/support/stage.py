"""A service that keeps one copy of the enterprises and reacts to them, and who speaks to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import sqlalchemy as sa

from shared.database import Database, open_engine
from shared.events import EnterpriseState
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.kafka import Record
from shared.streams.log import Tx
from shared.streams.reactions import Listener
from tests.support.builders import open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE, a_record, a_state
from tests.support.topics import Speaker, speaking

KEYS = [uuid5(ENTERPRISE, str(number)) for number in range(12)]

_REACTED = """
CREATE TABLE reacted (n bigint GENERATED ALWAYS AS IDENTITY, key text, seq bigint)
"""
COPY = Copy(EnterpriseState, ("trade_name", "status"), sa.MetaData())


def say_of(key: UUID, seq: int = 1, **changes: object) -> Record:
    """A message that tells of an enterprise's state."""
    event_id = uuid5(key, str(seq))
    return a_record(a_state(id=key), seq=seq, **{"event_id": event_id} | changes)


@dataclass
class Reaction:
    """Notes in the database what it reacted to, and fails for the keys it is told to."""

    failing: set[str] = field(default_factory=set)

    async def __call__(self, tx: Tx, event: Event[EnterpriseState]) -> None:
        """React."""
        note = {"key": event.key, "seq": event.seq}
        await tx.execute(sa.text("INSERT INTO reacted (key, seq) VALUES (:key, :seq)"), note)
        if event.key in self.failing:
            raise ZeroDivisionError


@dataclass
class Stage:
    """One service that listens, and someone who speaks to it."""

    ecosystem: Ecosystem
    database: Database
    speaker: Speaker
    reaction: Reaction

    def listener(self, group: str = "stage") -> Listener:
        """A member of the service's group."""
        return Listener(
            self.database,
            self.ecosystem.parts.kafka,
            group=group,
            copies=[COPY],
            reactions={EnterpriseState: self.reaction},
            prefix=self.ecosystem.prefix,
        )

    async def kept(self) -> dict[UUID, int]:
        """How far the copy heard of each key."""
        rows = await self.ecosystem.rows("registry", "SELECT id, seq FROM enterprise_copy")
        return {row["id"]: row["seq"] for row in rows}

    async def kept_are(self, expected: dict[UUID, int]) -> bool:
        """Whether the copy heard exactly this."""
        return await self.kept() == expected

    async def parked(self) -> list[tuple[UUID, int]]:
        """What is parked, in the order in which it will be taken up."""
        question = "SELECT key, seq FROM parked_event WHERE key IS NOT NULL ORDER BY key, seq"
        rows = await self.ecosystem.rows("registry", question)
        return [(UUID(row["key"]), row["seq"]) for row in rows]

    async def parked_are(self, expected: list[tuple[UUID, int]]) -> bool:
        """Whether exactly these are parked."""
        return await self.parked() == expected

    async def make_due(self) -> None:
        """Let what is parked be due at once."""
        await self.ecosystem.rows("registry", "UPDATE parked_event SET next_attempt_at = now()")

    async def reacted(self) -> list[tuple[str, int]]:
        """What was reacted to, in order."""
        rows = await self.ecosystem.rows("registry", "SELECT key, seq FROM reacted ORDER BY n")
        return [(row["key"], row["seq"]) for row in rows]


async def lay_tables(registry: Ecosystem) -> None:
    """Make the copy, and the table of what was reacted to, in the registry's database."""
    owner = open_engine(registry.addresses["registry"].owner, pool_size=1)
    async with owner.begin() as connection:
        await connection.run_sync(COPY.table.create)
        await connection.execute(sa.text(_REACTED))
    await owner.dispose()


@asynccontextmanager
async def a_stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    database = registry.database("registry", "worker")
    await open_batu(database)
    await lay_tables(registry)
    async with speaking(registry) as speaker:
        yield Stage(registry, database, speaker, Reaction())


@asynccontextmanager
async def listening(listener: Listener) -> AsyncIterator[Listener]:
    """A listener at work until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(listener.run(stop))
    try:
        yield listener
    finally:
        stop.set()
        await asyncio.wait_for(running, 15)
