"""A client that stalls in the middle of its body is sent away."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.web import slow_bodies
from tests.support.ecosystem import Ecosystem


async def test_a_body_that_stops_coming_is_given_up(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_bodies, "GRACE", 0.3)
    client = await registry.client("registry")
    started = time.monotonic()

    answers = [
        await _stalling(client, "/enterprises", "application/json"),
        await _stalling(client, "/imports", "text/csv"),
    ]

    assert [answer.status_code for answer in answers] == [408, 408]
    assert {answer.json()["type"] for answer in answers} == {"/problems/too-slow"}
    assert time.monotonic() - started < 5


async def _stalling(client: httpx.AsyncClient, path: str, media: str) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(3)
        yield b"}"

    return await client.post(path, content=pieces(), headers={"Content-Type": media})
