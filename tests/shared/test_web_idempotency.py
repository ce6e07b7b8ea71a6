"""The same request sent twice under one key has one effect and one answer."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from shared.web import forgetting
from shared.web.operations import Operation
from shared.web.replaying import Readings, Unreadable
from shared.web.transactions import Create
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.planted import is_problem

_AGE = """
UPDATE idempotency_key SET kept_at = kept_at - $2::interval
WHERE key IN (SELECT key FROM idempotency_key ORDER BY kept_at LIMIT $1)
"""
_KEYS = "SELECT key FROM idempotency_key ORDER BY kept_at"


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with one unit."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


async def _count(registry: Ecosystem, table: str = "enterprise") -> int:
    return len(await registry.rows("registry", f"SELECT FROM {table}"))


async def test_the_same_request_under_the_same_key_has_one_effect_and_one_answer(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}

    first = await client.post("/enterprises", json=an_enterprise(), headers=key)
    again = await client.post("/enterprises", json=an_enterprise(), headers=key)

    assert first.status_code == again.status_code == 201
    for header in ("location", "etag", "content-type"):
        assert first.headers[header] == again.headers[header]
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (await _count(registry), await _count(registry, "idempotency_key")) == (1, 1)


async def test_a_change_is_repeated_without_being_made_twice(client: httpx.AsyncClient) -> None:
    made = await client.post("/enterprises", json=an_enterprise(), headers=a_key())
    address = made.headers["location"].removeprefix("/api/registry/v1")
    headers = {"Idempotency-Key": "close-it", "If-Match": '"1"'}

    first = await client.post(f"{address}/close", headers=headers)
    again = await client.post(f"{address}/close", headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["etag"] == again.headers["etag"] == '"2"'
    assert first.json() == again.json()


async def test_who_repeats_a_request_is_shown_the_thing_as_it_is_now(
    client: httpx.AsyncClient,
) -> None:
    key = {"Idempotency-Key": "a-key"}
    made = await client.post("/enterprises", json=an_enterprise(), headers=key)
    address = made.headers["location"].removeprefix("/api/registry/v1")
    await client.post(f"{address}/close", headers=a_key() | {"If-Match": '"1"'})

    again = await client.post("/enterprises", json=an_enterprise(), headers=key)

    assert (again.status_code, again.headers["location"]) == (201, made.headers["location"])
    assert (again.json()["status"], again.headers["etag"]) == ("closed", '"2"')


async def test_an_operation_that_takes_a_key_answers_with_what_can_be_read() -> None:
    router = APIRouter(route_class=Operation)

    @router.post("/things", status_code=201)
    async def make(tx: Create) -> dict[str, int]:
        raise AssertionError(tx)

    with pytest.raises(Unreadable, match="make"):
        Readings.of("", [route for route in router.routes if isinstance(route, APIRoute)])


async def test_another_request_under_the_same_key_is_422(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}
    await client.post("/enterprises", json=an_enterprise(), headers=key)

    answer = await client.post("/enterprises", json=an_enterprise(kbli="01134"), headers=key)

    assert is_problem(answer, 422, "/problems/idempotency-key-reused")
    assert await _count(registry) == 1


async def test_a_refused_request_does_not_use_up_its_key(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "a-key"}
    for broken in (an_enterprise(kbli="x"), an_enterprise(unit_id=str(uuid4()))):
        assert (await client.post("/enterprises", json=broken, headers=key)).status_code == 422

    answer = await client.post("/enterprises", json=an_enterprise(), headers=key)

    assert answer.status_code == 201


async def test_a_key_belongs_to_who_sent_it(registry: Ecosystem, client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "a-key"}
    ministry = await registry.client("registry", "ministry")

    first = await client.post("/enterprises", json=an_enterprise(), headers=key)
    other = await ministry.post("/enterprises", json=an_enterprise(), headers=key)

    assert first.headers["location"] != other.headers["location"]


async def test_many_requests_at_once_under_one_key_have_one_effect(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}

    answers = await asyncio.gather(
        *(client.post("/enterprises", json=an_enterprise(), headers=key) for _ in range(8))
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await _count(registry) == 1
    assert len({a.headers["location"] for a in answers if a.status_code == 201}) == 1


@pytest.mark.parametrize("key", ["", "a key", "a" * 256, '"', '""', 'a"b c', "\u00e9", '"a'])
async def test_a_key_that_cannot_be_one_is_422(client: httpx.AsyncClient, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode("latin-1")}
    answer = await client.post("/enterprises", json=an_enterprise(), headers=headers)

    assert is_problem(answer, 422, "/problems/invalid"), key
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("Idempotency-Key", "idempotency_key")


async def test_what_makes_something_needs_a_key(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    for body in (an_enterprise(), an_enterprise(kbli="x")):
        answer = await client.post("/enterprises", json=body)

        assert is_problem(answer, 400, "/problems/idempotency-key-missing")

    assert await _count(registry) == 0


async def test_a_quoted_key_is_the_same_as_a_plain_one(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    plain, quoted = {"Idempotency-Key": "a-key"}, {"Idempotency-Key": '"a-key"'}

    first = await client.post("/enterprises", json=an_enterprise(), headers=plain)
    again = await client.post("/enterprises", json=an_enterprise(), headers=quoted)

    assert first.headers["location"] == again.headers["location"]
    assert await _count(registry) == 1


async def test_the_same_said_with_other_spaces_and_in_another_order_is_the_same(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": "a-key", "Content-Type": "application/json"}
    turned = dict(reversed(an_enterprise().items()))

    for body in (an_enterprise(), turned):
        content = json.dumps(body, indent=len(body))
        answer = await client.post("/enterprises", content=content, headers=headers)
        assert answer.status_code == 201

    assert await _count(registry) == 1


async def test_what_was_sent_cannot_be_guessed_from_what_is_kept(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}
    await client.post("/enterprises", json=an_enterprise(), headers=key)
    [kept] = await registry.rows("registry", "SELECT key, request FROM idempotency_key")

    await registry.rows("registry", "UPDATE idempotency_secret SET secret = sha256('other')")
    again = await client.post("/enterprises", json=an_enterprise(), headers=key)

    assert (len(kept["key"]), len(kept["request"])) == (64, 64)
    assert again.status_code == 201
    assert "idempotency-replayed" not in again.headers


async def test_every_database_has_a_secret_of_its_own(ecosystem: Ecosystem) -> None:
    found = [
        (await ecosystem.rows(service, "SELECT secret FROM idempotency_secret"))[0]["secret"]
        for service in ("registry", "mentoring")
    ]

    assert [len(secret) for secret in found] == [32, 32]
    assert len({*found}) == 2


async def test_the_worker_forgets_old_keys_and_no_others(
    registry: Ecosystem, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for number in range(7):
        key = {"Idempotency-Key": f"key-{number}"}
        await client.post("/enterprises", json=an_enterprise(), headers=key)
    await registry.rows("registry", _AGE, 6, timedelta(hours=47))
    await registry.rows("registry", _AGE, 5, timedelta(hours=1, minutes=1))
    made = [row["key"] for row in await registry.rows("registry", _KEYS)]

    await registry.work("registry")
    await eventually(lambda: _has(registry, 2))

    assert [row["key"] for row in await registry.rows("registry", _KEYS)] == made[5:]


async def _has(registry: Ecosystem, count: int) -> bool:
    return await _count(registry, "idempotency_key") == count
