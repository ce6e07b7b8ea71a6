"""What is heard is kept and reacted to in one transaction, once; what fails waits, in order."""

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
from shared.refusals import NotYetKnown, Unavailable
from shared.streams import reactions
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.kafka import Record
from shared.streams.log import Tx
from shared.streams.parking import unpacked
from shared.streams.reactions import Listener
from shared.streams.redrive import Redriver
from shared.streams.verdicts import Verdict
from tests.support.builders import open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import ENTERPRISE, a_record, a_state, an_event
from tests.support.topics import Speaker, speaking

pytestmark = pytest.mark.usefixtures("topics")

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


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    database = registry.database("registry", "worker")
    await open_batu(database)
    owner = open_engine(registry.addresses["registry"].owner, pool_size=1)
    async with owner.begin() as connection:
        await connection.run_sync(COPY.table.create)
        await connection.execute(sa.text(_REACTED))
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


async def test_a_reaction_that_fails_parks_its_key_and_no_other(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    story = [say_of(KEYS[1]), say_of(KEYS[0]), say_of(KEYS[2]), say_of(KEYS[0], 2)]

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await stage.speaker.say(*story, partition=0)
            await eventually(partial(stage.kept_are, {KEYS[1]: 1, KEYS[2]: 1}))
            await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))

    told = [entry for entry in logs if entry["event"] == "listener.parked"]
    assert {(t["log_level"], t["partition"], t["state"]) for t in told} == {("error", 0, "retry")}
    assert [t["reason"].partition(" at ")[0] for t in told] == ["ZeroDivisionError"]
    assert str(KEYS[0]) not in {key for key, _ in await stage.reacted()}


async def test_when_the_fault_is_gone_the_key_is_taken_up_in_its_order(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[1]), say_of(KEYS[0], 2), partition=2)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))
        stage.reaction.failing = set()
        await stage.make_due()
        await Redriver(stage.database, listener.hearing).redrive()
        await stage.speaker.say(say_of(KEYS[0], 3), partition=2)

        await eventually(partial(stage.kept_are, {KEYS[0]: 3, KEYS[1]: 1}))

    reacted = await stage.reacted()
    assert [seq for key, seq in reacted if key == str(KEYS[0])] == [1, 2, 3]
    assert await stage.parked() == []


async def test_a_message_that_is_no_event_is_put_away_as_it_came(stage: Stage) -> None:
    poison = Record(EnterpriseState.topic, b"\xff", b"{", [("n\x00te", None)], 0)
    await stage.speaker.say(say_of(KEYS[0]), poison, say_of(KEYS[1]), partition=3)

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await eventually(partial(stage.kept_are, {KEYS[0]: 1, KEYS[1]: 1}))

    [row] = await stage.ecosystem.rows("registry", "SELECT * FROM parked_event")
    assert (row["state"], row["error"]) == ("dead", "it is not a CloudEvent of version 1.0")
    assert (row["partition"], row["offset"], row["record_key"], row["data"]) == (
        3,
        1,
        b"\xff",
        b"{",
    )
    assert unpacked(row["headers"]) == [("n\x00te", None)]
    told = [entry for entry in logs if entry["event"] == "listener.parked"]
    assert [entry["reason"] for entry in told] == ["it is not a CloudEvent of version 1.0"]


async def test_a_type_that_came_later_is_passed_over(stage: Stage) -> None:
    later = say_of(KEYS[1], type="id.sinergi.registry.enterprise-group.formed.v1")
    await stage.speaker.say(later, say_of(KEYS[0]), partition=3)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.kept_are, {KEYS[0]: 1}))

    assert listener.hearing.counted[Verdict.IGNORE] == 1
    assert await stage.parked() == []


async def test_two_events_of_one_position_wait_for_somebody_to_decide(stage: Stage) -> None:
    other = say_of(KEYS[0], event_id=ENTERPRISE)
    await stage.speaker.say(say_of(KEYS[0]), other, partition=0)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.parked_are, [(KEYS[0], 1)]))
        await stage.speaker.say(say_of(KEYS[0], 2), partition=0)
        await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))
        await stage.make_due()
        await Redriver(stage.database, listener.hearing).redrive()

    states = await stage.ecosystem.rows("registry", "SELECT state FROM parked_event ORDER BY seq")
    assert [row["state"] for row in states] == ["fork", "retry"]
    assert await stage.kept() == {KEYS[0]: 1}


async def test_an_outage_holds_the_partition_and_parks_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = True

    async def need_the_part(tx: Tx, event: Event[EnterpriseState]) -> None:
        if away:
            raise Unavailable("The key store does not answer.")
        await Reaction()(tx, event)

    monkeypatch.setattr(stage, "reaction", need_the_part)
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[0], 2), partition=1)

    async with listening(stage.listener()) as listener:
        await eventually(partial(_holds, listener, 2))
        assert await stage.parked() == []
        away = False

        await eventually(partial(stage.kept_are, {KEYS[0]: 2}))
        await eventually(partial(_free, listener))


async def test_what_was_not_heard_of_yet_holds_for_a_while_and_then_parks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look_for_it(_tx: Tx, event: Event[EnterpriseState]) -> None:
        if event.key == str(KEYS[0]):
            raise NotYetKnown("There is none with this id, or it was made a moment ago.")

    monkeypatch.setattr(reactions, "LONGEST_WAIT", 0.5)
    monkeypatch.setattr(stage, "reaction", look_for_it)
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[1]), partition=1)

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await eventually(partial(stage.kept_are, {KEYS[1]: 1}))

    events = [entry["event"] for entry in logs if entry["event"].startswith("listener.")]
    assert events.index("listener.held") < events.index("listener.parked")
    assert await stage.parked() == [(KEYS[0], 1)]


async def _holds(listener: Listener, attempts: int) -> bool:
    return any(hold.attempts >= attempts for hold in listener.held.values())


async def _free(listener: Listener) -> bool:
    return not listener.held


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
    unheard: dict[type[UnitState], Callable[[Tx, Event[UnitState]], Awaitable[None]]]
    unheard = {UnitState: Reaction()}  # type: ignore[dict-item]  # the fault under test

    with pytest.raises(ValueError, match=r"registry\.unit\.v1"):
        Listener(None, "", group="", copies=[COPY], reactions=unheard)  # type: ignore[arg-type]
