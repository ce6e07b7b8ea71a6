"""A worker is live while it gets on, also in an outage; it says what waits, and how far it is."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
import sqlalchemy as sa
from aiokafka import TopicPartition

from shared.database import Database
from shared.events import EnterpriseState
from shared.health import Health, answering
from shared.streams.catching_up import CatchingUp
from shared.streams.copies import Copy
from shared.streams.progress import STALLED_AFTER, Progress
from shared.streams.reactions import Hold, Listener
from shared.streams.relay import STALLED_AFTER as STALLED
from shared.streams.relay import Relay
from shared.streams.verdicts import Failure
from tests.support.eventually import eventually

COPY = Copy(EnterpriseState, ("trade_name",), sa.MetaData())
PLACE = TopicPartition(EnterpriseState.topic, 3)


@dataclass
class Stage:
    """A worker's listener, the time that it is told, and who asks how it is."""

    listener: Listener
    client: httpx.AsyncClient
    now: float = 1_000.0

    async def asked(self, question: str) -> tuple[int, dict[str, object]]:
        """The status and what is told."""
        answer = await self.client.get(f"/health/{question}")
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.json()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A listener before it has joined; nothing of it is running."""
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    listener = Listener(database, "127.0.0.1:1", group="test", copies=[COPY])
    health = Health(listener=listener, catching_up=CatchingUp(database, listener))
    transport = httpx.ASGITransport(answering(health))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        stage = Stage(listener, client)
        listener.progress = Progress(lambda: stage.now)
        yield stage
    await database.close()


async def test_who_has_not_joined_is_live_and_not_ready(stage: Stage) -> None:
    before = [(await stage.asked(question))[0] for question in ("live", "ready")]
    stage.listener.progress.polled(0)
    after = [(await stage.asked(question))[0] for question in ("live", "ready")]

    assert (before, after) == ([200, 503], [200, 200])


async def test_who_is_given_nothing_although_there_is_something_is_not_live(stage: Stage) -> None:
    stage.listener.progress.polled(0)
    stage.listener.progress.found(7)
    well, _ = await stage.asked("live")

    stage.now += STALLED_AFTER + 1
    stage.listener.progress.polled(0)
    status, told = await stage.asked("live")

    assert (well, status, told["stalled"]) == (200, 503, True)


async def test_a_relay_that_no_longer_turns_is_not_live() -> None:
    relay = Relay("postgresql://nobody@127.0.0.1:1/nothing", "127.0.0.1:1", service="registry")
    relay.turned -= STALLED + 1
    stalled = Health(relay).stalled

    stop = asyncio.Event()
    trying = asyncio.create_task(relay.run(stop))
    await eventually(partial(_turns, relay))

    assert stalled
    stop.set()
    await trying


async def _turns(relay: Relay) -> bool:
    return not relay.stalled


async def test_who_waits_for_a_part_that_is_away_is_live_and_says_so(stage: Stage) -> None:
    began = time.monotonic() - 12
    stage.listener.progress.polled(0)
    stage.listener.held[PLACE] = Hold(0, began, Failure.OUTAGE, 4, "OperationalError")

    stage.now += 10 * STALLED_AFTER
    stage.listener.progress.found(0)
    stage.listener.progress.polled(0)
    status, told = await stage.asked("live")

    assert (status, told["stalled"]) == (200, False)
    held = told["held"]
    assert isinstance(held, dict)
    assert held.keys() == {"registry.enterprise.v1/3"}
    assert held["registry.enterprise.v1/3"].items() >= {
        ("reason", "OperationalError"), ("attempts", 4),
    }  # fmt: skip
    assert 12 <= held["registry.enterprise.v1/3"]["seconds"] < 30
