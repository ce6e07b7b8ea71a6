"""What is heard is kept and reacted to in one transaction, once, and nothing is skipped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from structlog.typing import EventDict

from services.registry import queries
from shared.database import Database, open_engine
from shared.events import EnterpriseState, UnitState
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.kafka import Record
from shared.streams.log import Tx
from shared.streams.reactions import Listener
from tests.support.builders import open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import ENTERPRISE, a_record, a_state, an_event
from tests.support.topics import Speaker, speaking

pytestmark = pytest.mark.usefixtures("topics")

KEYS = [uuid5(ENTERPRISE, str(number)) for number in range(12)]

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
        await tx.execute(sa.text("INSERT INTO reacted VALUES (:key, :seq)"), note)
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

    async def reacted(self) -> list[tuple[str, int]]:
        """What was reacted to, in order."""
        rows = await self.ecosystem.rows("registry", "SELECT key, seq FROM reacted ORDER BY ctid")
        return [(row["key"], row["seq"]) for row in rows]


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    database = registry.database("registry", "worker")
    await open_batu(database)
    owner = open_engine(registry.addresses["registry"].owner, pool_size=1)
    async with owner.begin() as connection:
        await connection.run_sync(COPY.table.create)
        await connection.execute(sa.text("CREATE TABLE reacted (key text, seq bigint)"))
    await owner.dispose()
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


async def _holds(listener: Listener, attempts: int = 1) -> bool:
    return any(hold.attempts >= attempts for hold in listener.held.values())


async def test_each_newest_state_is_reacted_to_once(stage: Stage) -> None:
    story = [say_of(KEYS[0], seq) for seq in (1, 2, 3)]
    await stage.speaker.say(*story, say_of(KEYS[1]))

    async with listening(stage.listener()):
        await eventually(partial(stage.kept_are, {KEYS[0]: 3, KEYS[1]: 1}))
        await stage.speaker.say(*story, say_of(KEYS[1], 2))
        await eventually(partial(stage.kept_are, {KEYS[0]: 3, KEYS[1]: 2}))

    reacted = await stage.reacted()
    assert len(reacted) == len(set(reacted))
    assert set(reacted) >= {(str(KEYS[0]), 3), (str(KEYS[1]), 1), (str(KEYS[1]), 2)}


async def test_a_reaction_that_fails_holds_its_partition_and_no_other(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    await stage.speaker.say(say_of(KEYS[1]), say_of(KEYS[0]), say_of(KEYS[2]), partition=0)
    await stage.speaker.say(say_of(KEYS[3]), partition=1)

    with capture_logs() as logs:
        async with listening(stage.listener()) as listener:
            await eventually(partial(_holds, listener, 2))
            await eventually(partial(stage.kept_are, {KEYS[1]: 1, KEYS[3]: 1}))
            await stage.speaker.say(say_of(KEYS[3], 2), partition=1)
            await eventually(partial(stage.kept_are, {KEYS[1]: 1, KEYS[3]: 2}))

    told = [entry for entry in logs if entry["event"] == "listener.held"]
    assert {(t["log_level"], t["partition"], t["offset"], t["reason"]) for t in told} == {
        ("error", 0, 1, "ZeroDivisionError")
    }
    assert str(KEYS[0]) not in {key for key, _ in await stage.reacted()}


async def test_when_the_fault_is_gone_it_goes_on_by_itself(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[0], 2), say_of(KEYS[1]), partition=2)

    async with listening(stage.listener()) as listener:
        await eventually(partial(_holds, listener))
        stage.reaction.failing = set()

        await eventually(partial(stage.kept_are, {KEYS[0]: 2, KEYS[1]: 1}))
        await eventually(partial(_free, listener))

    assert {key for key, _ in await stage.reacted()} == {str(KEYS[0]), str(KEYS[1])}


async def _free(listener: Listener) -> bool:
    return not listener.held


async def test_a_message_that_is_no_event_holds_its_partition(stage: Stage) -> None:
    poison = Record(EnterpriseState.topic, b"k", b"{", [], 0)
    await stage.speaker.say(say_of(KEYS[0]), poison, say_of(KEYS[1]), partition=3)
    await stage.speaker.say(say_of(KEYS[2]), partition=0)

    async with listening(stage.listener()) as listener:
        await eventually(partial(_holds, listener, 2))
        await eventually(partial(stage.kept_are, {KEYS[0]: 1, KEYS[2]: 1}))
        (hold,) = listener.held.values()

    assert hold.reason == "it is not a CloudEvent of version 1.0"


async def test_two_events_of_one_position_hold_the_partition(stage: Stage) -> None:
    other = say_of(KEYS[0], event_id=ENTERPRISE)
    await stage.speaker.say(say_of(KEYS[0]), other, partition=0)

    async with listening(stage.listener()) as listener:
        await eventually(partial(_holds, listener))
        (hold,) = listener.held.values()

    assert hold.reason == "Fork"
    assert await stage.kept() == {KEYS[0]: 1}


async def test_what_a_reaction_tells_names_the_event_it_reacts_to(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await register(stage.database)

    async def close_mine(tx: Tx, _: Event[EnterpriseState]) -> None:
        enterprise = await queries.enterprise(tx, mine.id)
        enterprise.close()
        tx.publish(enterprise, "closed")

    monkeypatch.setattr(stage, "reaction", close_mine)
    cause = say_of(KEYS[0], correlation=KEYS[5])
    await stage.speaker.say(cause)

    async with listening(stage.listener()):
        await eventually(partial(stage.kept_are, {KEYS[0]: 1}))

    (effect,) = await stage.ecosystem.rows(
        "registry", "SELECT causation, correlation FROM event_log WHERE type LIKE '%closed%'"
    )
    expected = an_event(a_state(id=KEYS[0]), event_id=uuid5(KEYS[0], "1"))
    assert (effect["causation"], effect["correlation"]) == (expected.id, KEYS[5])


async def test_members_of_a_group_hand_over_without_losing_anything(stage: Stage) -> None:
    first, second = stage.listener(), stage.listener()

    async def speak(seqs: range) -> None:
        for seq in seqs:
            await stage.speaker.say(*(say_of(key, seq) for key in KEYS))

    with capture_logs() as logs:
        async with listening(first):
            await eventually(partial(_heard_something, stage))
            async with listening(second):
                await asyncio.gather(speak(range(2, 30)), _until(stage, KEYS[0], 20))
                await eventually(partial(_shared_out, logs))
            await speak(range(30, 40))
            await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, 39)))

    reacted = await stage.reacted()
    assert len(reacted) == len(set(reacted))
    for key in map(str, KEYS):
        assert [seq for k, seq in reacted if k == key][-1] == 39


async def _shared_out(logs: list[EventDict]) -> bool:
    assigned = [log["partitions"] for log in logs if log["event"] == "listener.assigned"]
    return assigned[-2:] == [2, 2]


async def _heard_something(stage: Stage) -> bool:
    await stage.speaker.say(*(say_of(key) for key in KEYS))
    return await stage.kept() != {}


async def _until(stage: Stage, key: UUID, seq: int) -> None:
    async def reached() -> bool:
        return (await stage.kept()).get(key, 0) >= seq

    await eventually(reached)


async def test_who_starts_later_hears_everything_from_the_beginning(stage: Stage) -> None:
    await stage.speaker.say(*(say_of(key, seq) for seq in (1, 2) for key in KEYS))

    async with listening(stage.listener("latecomer")):
        await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, 2)))


def test_a_reaction_without_a_copy_is_refused() -> None:
    reactions: dict[type[UnitState], Callable[[Tx, Event[UnitState]], Awaitable[None]]]
    reactions = {UnitState: Reaction()}  # type: ignore[dict-item]  # the fault under test

    with pytest.raises(ValueError, match=r"registry\.unit\.v1"):
        Listener(None, "", group="", copies=[COPY], reactions=reactions)  # type: ignore[arg-type]
