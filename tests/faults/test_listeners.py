"""A listener is killed or frozen at the worst moment, or hears old news: effects happen once."""

import random
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.invariants.once import repeated
from tests.support.invariants.ordered import fallen
from tests.support.processes import Program
from tests.support.stage import KEYS, Stage, a_stage, listening, say_of

pytestmark = pytest.mark.usefixtures("topics")


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    async with a_stage(registry) as made:
        yield made


@pytest.mark.proof
@pytest.mark.parametrize(("moment", "kept"), [("before-commit", 0), ("after-commit", 1)])
async def test_a_listener_that_is_killed_around_its_commit_takes_effect_once(
    stage: Stage, tmp_path: Path, moment: str, kept: int
) -> None:
    await stage.speaker.say(say_of(KEYS[0]))
    with _listener(stage, tmp_path / "killed.log", "--at", moment) as killed:
        await eventually(killed.gone)
    assert len(await stage.kept()) == len(await stage.reacted()) == kept

    with _listener(stage, tmp_path / "heir.log"):
        await stage.speaker.say(say_of(KEYS[0], 2))
        await eventually(partial(stage.kept_are, {KEYS[0]: 2}))

    await _has_taken_effect_once_and_in_order(stage)


@pytest.mark.proof
async def test_a_listener_that_wakes_up_after_its_heir_went_on_changes_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    with _listener(stage, tmp_path / "zombie.log", "--at", "frozen") as zombie:
        await stage.speaker.say(*(say_of(key) for key in KEYS))
        await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, 1)))
        await stage.speaker.say(*(say_of(key, 2) for key in KEYS))
        await eventually(zombie.frozen)
        with _listener(stage, tmp_path / "heir.log"):
            await stage.speaker.say(*(say_of(key, 3) for key in KEYS))
            await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, 3)), 60)
            zombie.wake_up()
            await eventually(partial(zombie.said, "listener.joins_again"))
            await stage.speaker.say(*(say_of(key, 4) for key in KEYS))
            await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, 4)), 60)

    await _has_taken_effect_once_and_in_order(stage)


async def test_old_events_that_come_again_in_any_order_change_nothing(stage: Stage) -> None:
    chance = random.Random(21)  # noqa: S311 (a schedule, not a secret)
    story = [(key, seq) for seq in (1, 2, 3) for key in KEYS[:4]]
    repeats = [chance.choice(story) for _ in range(60)]

    async with listening(stage.listener()):
        await stage.speaker.say(*(say_of(key, seq) for key, seq in story))
        await stage.speaker.say(*(say_of(key, seq) for key, seq in repeats))
        await stage.speaker.say(*(say_of(key, 4) for key in KEYS[:4]))
        await eventually(partial(stage.kept_are, dict.fromkeys(KEYS[:4], 4)))

    await _has_taken_effect_once_and_in_order(stage)


async def _has_taken_effect_once_and_in_order(stage: Stage) -> None:
    reacted = await stage.reacted()
    effects = [f"{key} {seq}" for key, seq in reacted]
    assert repeated(effects, effects) == []
    assert fallen((key, (1, seq)) for key, seq in reacted) == []
    assert {UUID(key): seq for key, seq in reacted} == await stage.kept()


def _listener(stage: Stage, log: Path, *words: str) -> Program:
    ecosystem = stage.ecosystem
    address = (ecosystem.worker_urls["registry"], ecosystem.parts.kafka, ecosystem.prefix)
    return Program(log, ["tests.faults.listener_process", *address, *words])
