"""Who waits for news keeps neither the end of a process waiting nor others out."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from deploy.local.http_server import reserve
from deploy.local.ports import free_ports
from services.registry.app import create_app
from services.registry.settings import Settings
from shared.events import UnitState
from shared.web.feed import MOST_OF_ONE, Waiters
from shared.web.serving import BOUNDED, serving
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

FEED = f"/api/registry/v1/streams/{UnitState.topic}"


class Stage:
    """A registry that answers at a port, as a process of its own would, until `server` is told."""

    def __init__(self, registry: Ecosystem) -> None:
        settings = registry.settings("registry")
        assert isinstance(settings, Settings)
        self.app = create_app(settings)
        (port,) = free_ports(1)
        config = uvicorn.Config(self.app, timeout_graceful_shutdown=10, **BOUNDED)
        self.server = serving(config, reserve(port))
        self._issuer = registry.issuer
        self.client = self.as_somebody("operator", port)

    def as_somebody(self, persona: str, port: int) -> httpx.AsyncClient:
        """A client of this persona."""
        headers = {"Authorization": f"Bearer {self._issuer.token(persona)}"}
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20, trust_env=False
        )

    def wait(self, count: int = 1) -> list["asyncio.Task[httpx.Response]"]:
        """Ask so many times for what is new."""
        return [asyncio.create_task(self.client.get(f"{FEED}?wait=25")) for _ in range(count)]

    async def waiting(self, count: int) -> bool:
        """Whether so many wait."""
        waiters: Waiters = self.app.state.waiters
        return waiters.of.total() == count


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    stage = Stage(registry)
    async with stage.client:
        yield stage


async def test_a_process_that_ends_answers_at_once_whoever_waits(stage: Stage) -> None:
    async with stage.server:
        [waiting] = stage.wait()
        await eventually(lambda: stage.waiting(1))
        begun = time.monotonic()

    answer = await waiting

    assert (answer.status_code, answer.json()) == (200, [])
    assert "after=" in answer.links["next"]["url"]
    assert time.monotonic() - begun < 3


async def test_an_actor_waits_a_few_times_at_once_and_a_place_left_is_free(stage: Stage) -> None:
    async with stage.server:
        waits = stage.wait(MOST_OF_ONE)
        await eventually(lambda: stage.waiting(MOST_OF_ONE))

        one_more = await stage.client.get(f"{FEED}?wait=25")
        waits.pop().cancel()
        await eventually(lambda: stage.waiting(MOST_OF_ONE - 1))

    assert (one_more.status_code, one_more.headers["retry-after"]) == (429, "5")
    assert {answer.status_code for answer in await asyncio.gather(*waits)} == {200}
