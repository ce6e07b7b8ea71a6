"""The people of the day before a running ecosystem, and how they play."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx

from deploy.cli.demo.day.scene import Scene
from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS
from tests.support.launched import Launched

Act = Callable[[Scene], Awaitable[object]]

_ANSWER_S = 20.0


@asynccontextmanager
async def opened(launched: Launched, within_s: float = 30.0) -> AsyncIterator[Scene]:
    """A scene on which nothing was made yet; the seconds are those that a step may take."""
    url = launched.here.url
    issuer = Issuer(url, launched.home)
    async with httpx.AsyncClient(base_url=url, timeout=_ANSWER_S) as client:
        yield Scene(client, lambda key: issuer.token(PERSONAS[key]), within_s)


async def play(scene: Scene, *acts: Act) -> None:
    """Do one after the other."""
    for act in acts:
        await act(scene)
