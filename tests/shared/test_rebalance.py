"""Members of a group come and go, and no partition ever has two at work on it at once."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid5

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from shared.events import EnterpriseState
from shared.streams import reactions
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.kafka import Message, TopicPartition
from shared.streams.log import Tx
from shared.streams.reactions import Listener
from shared.streams.taking import Taken, Taker
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import ENTERPRISE
from tests.support.stage import COPY, Reaction, Stage, a_stage, listening, say_of

pytestmark = pytest.mark.usefixtures("topics")

KEYS = [uuid5(ENTERPRISE, f"rebalance {number}") for number in range(8)]
_SLOW = 0.05


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    async with a_stage(registry) as made:
        yield made


@dataclass
class Watch:
    """Notes who works on which partition, and whether another does at the same time."""

    at_work: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    together: list[int] = field(default_factory=list)
    done: set[str] = field(default_factory=set)


class Watched(Taker):
    """One member's way to take what it read, under watch."""

    def __init__(self, taker: Taker, watch: Watch, member: str) -> None:
        self.__dict__ |= taker.__dict__
        self._watch, self._member = watch, member

    async def take(
        self,
        copy: Copy[Any],
        records: Sequence[Message],
        **given: Any,  # noqa: ANN401 (as they are)
    ) -> Taken:
        """Take, and note for how long."""
        watch, partition = self._watch, records[0].partition
        watch.at_work[partition].add(self._member)
        if len(watch.at_work[partition]) > 1:
            watch.together.append(partition)
        try:
            return await super().take(copy, records, **given)
        finally:
            watch.at_work[partition].discard(self._member)
            watch.done.add(self._member)


def _member(stage: Stage, watch: Watch, name: str) -> Listener:
    async def react(tx: Tx, event: Event[EnterpriseState]) -> None:
        await asyncio.sleep(_SLOW)
        await Reaction()(tx, event)

    listener = Listener(
        stage.database,
        stage.ecosystem.parts.kafka,
        group="rebalance",
        copies=[COPY],
        reactions={EnterpriseState: react},
        prefix=stage.ecosystem.prefix,
    )
    listener._taker = Watched(listener._taker, watch, name)  # noqa: SLF001 (nobody else need look on)
    return listener


@asynccontextmanager
async def _speaking(stage: Stage) -> AsyncIterator[list[int]]:
    """Somebody who tells of all keys without a pause; the last element is how far they are."""
    said = [0]

    async def speak() -> None:
        while True:
            seq = said[-1] + 1
            await stage.speaker.say(*(say_of(key, seq) for key in KEYS))
            said.append(seq)

    speaking = asyncio.create_task(speak())
    try:
        yield said
    finally:
        speaking.cancel()
        await asyncio.wait([speaking])


async def _come_and_go(stage: Stage, watch: Watch, rounds: int, seed: int) -> None:
    """Members join and leave while events come; then everything is taken to the end."""
    chance = random.Random(seed)  # noqa: S311 (a schedule that can be played again)
    async with listening(_member(stage, watch, "first")):
        async with _speaking(stage) as said:
            for number in range(rounds):
                name = f"guest {number}"
                async with listening(_member(stage, watch, name)):
                    await eventually(partial(_worked, watch, name), 60)
                    await asyncio.sleep(chance.uniform(0, 0.3))
        last = said[-1] + 1
        await stage.speaker.say(*(say_of(key, last) for key in KEYS))
        await eventually(partial(stage.kept_are, dict.fromkeys(KEYS, last)), 60)


async def _worked(watch: Watch, name: str) -> bool:
    return name in watch.done


@pytest.mark.parametrize("rounds", [1, pytest.param(12, marks=pytest.mark.proof)])
async def test_no_partition_has_two_members_at_work(stage: Stage, rounds: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    watch = Watch()

    await _come_and_go(stage, watch, rounds, seed)

    assert watch.together == []
    reacted = await stage.reacted()
    assert len(reacted) == len(set(reacted))
    for key in map(str, KEYS):
        seqs = [seq for told, seq in reacted if told == key]
        assert seqs == sorted(seqs)


@pytest.mark.proof
async def test_a_member_that_does_not_let_its_work_end_first_is_caught(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def let_go(self: Listener, revoked: object) -> None:
        """The obvious listener: what is revoked is somebody else's from now on."""

    monkeypatch.setattr(Listener, "on_partitions_revoked", let_go)
    monkeypatch.setattr("tests.shared.test_rebalance._SLOW", 1.5)
    watch = Watch()

    async with listening(_member(stage, watch, "first")), _speaking(stage):
        await eventually(partial(_at_work, watch, "first"))
        for number in range(8):
            async with listening(_member(stage, watch, f"guest {number}")):
                await eventually(partial(_at_work, watch, f"guest {number}"), 60)
            if watch.together:
                break

    assert watch.together


async def _at_work(watch: Watch, name: str) -> bool:
    return any(name in members for members in watch.at_work.values()) or name in watch.done


async def test_work_that_does_not_end_is_rolled_back_before_another_begins(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "DRAIN_DEADLINE", 0.2)
    begun, undone = asyncio.Event(), asyncio.Event()

    async def never_end(_tx: Tx, _event: Event[EnterpriseState]) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            undone.set()

    monkeypatch.setattr(stage, "reaction", never_end)
    listener = stage.listener()
    await stage.speaker.say(say_of(KEYS[0]), partition=0)

    async with listening(listener):
        await asyncio.wait_for(begun.wait(), 20)
        await listener.on_partitions_revoked([TopicPartition("any", 0)])

        assert undone.is_set()
        assert await stage.kept() == {}
        monkeypatch.setattr(stage, "reaction", None)


async def test_what_is_held_stays_held_when_partitions_are_dealt_anew(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_tx: Tx, _event: Event[EnterpriseState]) -> None:
        raise TimeoutError

    monkeypatch.setattr(reactions, "hold_for", lambda _: 3600.0)
    monkeypatch.setattr(stage, "reaction", fail)
    await stage.speaker.say(say_of(KEYS[0]), partition=0)

    with capture_logs() as logs:
        async with listening(stage.listener()) as first:
            await eventually(partial(_told, logs, "listener.held"))
            async with listening(stage.listener()):
                await eventually(partial(_shared_out, logs))
                await eventually(partial(_looks_again, first))

    held = [entry["attempts"] for entry in logs if entry["event"] == "listener.held"]
    assert set(held) == {1}


async def _told(logs: list[EventDict], event: str) -> bool:
    return any(entry["event"] == event for entry in logs)


async def _shared_out(logs: list[EventDict]) -> bool:
    dealt = [entry["partitions"] for entry in logs if entry["event"] == "listener.assigned"]
    return dealt[-2:] == [2, 2]


async def _looks_again(listener: Listener) -> bool:
    """Whether it has read on for a while after its partitions were dealt anew."""
    await asyncio.sleep(0.5)
    return not listener.progress.joining


async def test_a_listener_stops_soon_however_much_there_is_to_do(stage: Stage) -> None:
    watch = Watch()
    await stage.speaker.say(*(say_of(key) for key in KEYS), partition=0)

    async with listening(_member(stage, watch, "only")):
        await eventually(partial(_worked, watch, "only"))
        begun = time.monotonic()

    assert time.monotonic() - begun < 10
