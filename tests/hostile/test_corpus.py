"""No value, wherever it stands, breaks a service, comes back in an answer or does half a thing."""

import json
import os
import random
from typing import Any

import httpx
import pytest

from tests.authorization.cells import RECIPES
from tests.authorization.world import World, a_heard_world
from tests.hostile.corpus import JSON, SENTINEL, TEXTS
from tests.hostile.walk import Attempt, Operation, attempts
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem

SAMPLE = 200
"""Attempts at each service; the proof makes them all."""
_SHORT = 8
"""Shorter texts stand in an answer by chance."""


def test_the_corpus_is_large_and_every_value_has_its_name() -> None:
    assert len(JSON) >= 300
    assert len({hostile.name for hostile in JSON}) == len(JSON)
    assert SENTINEL in TEXTS.values()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_sample_of_hostile_values_is_answered_plainly(
    ecosystem: Ecosystem, service: str
) -> None:
    seed = int(os.environ.get("SINERGI_SEED", random.SystemRandom().randrange(1_000_000)))
    chance = random.Random(seed)  # noqa: S311 (repeatable on purpose)

    wrong = await _wrong(await a_heard_world(ecosystem), service, chance)

    assert wrong == [], f"SINERGI_SEED={seed}"


@pytest.mark.proof
@pytest.mark.parametrize("service", SERVICES)
async def test_every_hostile_value_is_answered_plainly(ecosystem: Ecosystem, service: str) -> None:
    assert await _wrong(await a_heard_world(ecosystem), service, None) == []


async def _wrong(world: World, service: str, chance: random.Random | None) -> list[str]:
    client = await world.ecosystem.client(service, None)
    grants = [{"role": role, "scope": "nation"} for role in ("ministry", "unit_head", "auditor")]
    token = world.ecosystem.issuer.token("somebody", grants)
    client.headers["Authorization"] = f"Bearer {token}"
    document = (await client.get(f"http://test/api/{service}/openapi.json")).json()
    wrong: list[str] = []
    for operation_id, recipe in RECIPES[service].items():
        operation = Operation.of(document, operation_id)
        tried = list(attempts(operation, await recipe(world, world.here)))
        if chance is not None:
            tried = chance.sample(tried, min(len(tried), SAMPLE // len(RECIPES[service]) + 1))
        for attempt in tried:
            wrong += await _faults(client, operation_id, operation, attempt)
    health = await client.get(f"http://test/api/{service}/health/ready")
    assert health.status_code == 204
    return wrong


async def _faults(
    client: httpx.AsyncClient, operation_id: str, operation: Operation, attempt: Attempt
) -> list[str]:
    answer = await client.request(
        attempt.method, attempt.path, content=attempt.content, headers=attempt.headers
    )
    status = answer.status_code
    faults = []
    if status >= 500:
        faults.append("a fault of ours")
    if status not in operation.statuses | {307, 404, 405}:
        faults.append("a status that is not documented")
    if status >= 400:
        faults += _faults_of_a_problem(answer, attempt)
    return [
        f"{operation_id}, {attempt.name}: {status}, {fault}: {answer.text[:200]}"
        for fault in faults
    ]


def _faults_of_a_problem(answer: httpx.Response, attempt: Attempt) -> list[str]:
    faults = []
    if answer.headers.get("content-type") != "application/problem+json":
        return ["no problem"]
    body: dict[str, Any] = json.loads(answer.content)
    if not {"type", "title", "status"} <= body.keys() or body["status"] != answer.status_code:
        faults.append("a problem without its members")
    text = attempt.text or ""
    if SENTINEL in answer.text or (len(text) >= _SHORT and text in answer.text):
        faults.append("what was sent comes back")
    return faults
