"""Whatever is sent in place of a token that holds: every service answers 401, and nothing else."""

import importlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.http_server import reserve, serving
from deploy.local.parts import Parts
from tests.support.databases import SERVICES, Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem
from tests.support.forgeries import Sent, forge, sent_in_place_of_a_token

UNAUTHENTICATED = (401, "/problems/unauthenticated", 'Bearer realm="sinergi"')
TOO_LONG = (431, "/problems/head-too-large", "")
OTHERWISE = {
    "200 KB": TOO_LONG,
    "200 KB of nothing": TOO_LONG,
    "header kid of 100 KB": TOO_LONG,
}
"""What is refused before anyone looks for a token; one in the address is not looked for."""


@asynccontextmanager
async def served(
    ecosystem: Ecosystem, service: str
) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """The service on a port of its own, and an address in it that anyone signed in may ask for."""
    app: FastAPI = importlib.import_module(f"services.{service}.app").create_app(
        ecosystem.settings(service)
    )
    with reserve(0) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        async with (
            app.router.lifespan_context(app),
            serving(app, port),
            httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client,
        ):
            yield client, next(_open_to_everyone(app.openapi()))


def _open_to_everyone(described: Mapping[str, Any]) -> Iterator[str]:
    return (path for path in described["paths"] if path.endswith("/units"))


async def answer_to(client: httpx.AsyncClient, path: str, sent: Sent) -> httpx.Response:
    return await client.get(path, headers=sent.headers, params=sent.query)


def in_short(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    challenge = answer.headers.get("www-authenticate", "")
    return answer.status_code, answer.json()["type"], challenge


@pytest.mark.parametrize("service", SERVICES)
async def test_nothing_in_place_of_a_token_lets_anyone_in(
    parts: Parts, templates: Templates, service: str
) -> None:
    async with (
        fresh_ecosystem(parts, templates, (service,)) as ecosystem,
        served(ecosystem, service) as (client, path),
    ):
        forged = sent_in_place_of_a_token(ecosystem.issuer)
        good = Sent([("Authorization", f"Bearer {forge(ecosystem.issuer)}")], {})
        before = await answer_to(client, path, good)
        answers = {name: in_short(await answer_to(client, path, forged[name])) for name in forged}
        after = await answer_to(client, path, good)

    assert (before.status_code, after.status_code) == (200, 200)
    assert answers == dict.fromkeys(answers, UNAUTHENTICATED) | OTHERWISE
    assert len(answers) > 150


async def test_no_refusal_says_why_nor_what_was_sent(registry: Ecosystem) -> None:
    forged = sent_in_place_of_a_token(registry.issuer)

    async with served(registry, "registry") as (client, path):
        details = {
            (await answer_to(client, path, sent)).json()["detail"]
            for name, sent in forged.items()
            if name not in OTHERWISE
        }

    assert details == {
        "Send one Authorization header with a bearer token.",
        "The bearer token has expired or does not hold here; sign in again.",
    }
