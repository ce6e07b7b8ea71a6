"""What is heard is kept and reacted to in one transaction, once, whoever of a group hears it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from uuid import UUID, uuid5

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from services.registry import queries
from shared.events import EnterpriseState, UnitState
from shared.streams.codec import Event
from shared.streams.log import Tx
from shared.streams.reactions import Listener
from tests.support.builders import register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_state, an_event
from tests.support.stage import COPY, KEYS, Reaction, Stage, a_stage, listening, say_of

pytestmark = pytest.mark.usefixtures("topics")


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    async with a_stage(registry) as made:
        yield made


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
