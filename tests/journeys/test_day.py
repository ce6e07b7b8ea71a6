"""A day of a centre, from the desk's first visitor to a closed business: the demo's own steps."""

import asyncio
import importlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.cli.demo.day.scene import Scene
from deploy.cli.demo.day.story import STEPS
from deploy.local.http_server import reserve, serving
from deploy.local.personas import PERSONAS
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem


class _Front:
    """Every service under one address, as behind the front of a laptop."""

    def __init__(self, apps: dict[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["path"].split("/")[2]](scope, receive, send)


@pytest.fixture
async def scene(ecosystem: Ecosystem) -> AsyncIterator[Scene]:
    """Four services with the demo data of a laptop, their workers at work."""
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.seeds")
        await module.seed(ecosystem.settings(service, "worker"))
    await ecosystem.work()
    async with AsyncExitStack() as stack:
        apps = {}
        for service in SERVICES:
            module = importlib.import_module(f"services.{service}.app")
            app = module.create_app(ecosystem.settings(service))
            await stack.enter_async_context(app.router.lifespan_context(app))
            apps[service] = app
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        await stack.enter_async_context(serving(_Front(apps), reserve(port)))
        address = f"http://127.0.0.1:{port}"
        client = httpx.AsyncClient(base_url=address, timeout=20)
        yield Scene(await stack.enter_async_context(client), _signed_by(ecosystem))


def _signed_by(ecosystem: Ecosystem) -> Callable[[str], str]:
    def token(key: str) -> str:
        persona = PERSONAS[key]
        grants = [{"role": persona.role, "scope": persona.granted_scope}]
        return ecosystem.issuer.token(key, grants, persona.person_id)

    return token


def test_the_day_has_at_most_forty_steps() -> None:
    assert len(STEPS) <= 40


async def test_a_day_runs_from_end_to_end(scene: Scene) -> None:
    for step in STEPS:
        await step.act(scene)


@pytest.mark.proof
async def test_a_day_can_be_played_again(scene: Scene) -> None:
    for _ in range(2):
        async with asyncio.timeout(120):
            for step in STEPS:
                await step.act(scene)
