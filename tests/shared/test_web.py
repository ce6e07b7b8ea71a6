"""What every service's HTTP side promises: problems, versions, one effect for one key."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from fastapi import APIRouter

from shared.web.service import create_service
from shared.web.transactions import Read
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem

NIK = "3171011234560001"
PROBLEM = "application/problem+json"

router = APIRouter()


@router.get("/fault")
async def fault(tx: Read) -> None:
    """Fail as only a programming error does."""
    message = f"{NIK} {tx}"
    raise ZeroDivisionError(message)


@router.get("/question")
async def question(tx: Read) -> None:
    """Ask the database."""
    await tx.execute(sa.text("SELECT 1"))


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with one unit."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


@pytest.fixture
async def planted(registry: Ecosystem) -> AsyncIterator[httpx.AsyncClient]:
    """A service with a fault, whose database is gone."""
    gone = registry.settings("registry", database_url="postgresql://u:p@127.0.0.1:1/none")
    app = create_service(gone, "Planted", [router])
    headers = {"Authorization": f"Bearer {registry.issuer.token('operator')}"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        url = "http://test/api/registry"
        async with httpx.AsyncClient(transport=transport, base_url=url, headers=headers) as made:
            yield made


def _is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    body = answer.json()
    assert NIK not in answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert (answer.status_code, body["status"], body["type"]) == (status, status, kind)
    assert body["title"]
    return True


BROKEN = {
    "a wrong value": an_enterprise(size_class=NIK),
    "a missing field": {"kind": "enterprise"},
    "an unknown field": an_enterprise(**{NIK: NIK}),
    "not an object": [NIK],
    "a NUL": an_enterprise(trade_name=f"\x00{NIK}"),
    "a number for a text": an_enterprise(trade_name=int(NIK)),
    "a village that is none": an_enterprise(village_code=NIK),
}


async def test_a_body_that_breaks_a_rule_is_422_and_is_not_repeated(
    client: httpx.AsyncClient,
) -> None:
    for case, body in BROKEN.items():
        answer = await client.post("/enterprises", json=body)

        assert _is_problem(answer, 422, "/problems/invalid"), case
        assert all(set(e) == {"pointer", "code", "detail"} for e in answer.json()["errors"]), case


NOT_JSON = {
    "cut": b"{",
    "empty": b"",
    "not UTF-8": b"\xff",
    "NaN": b'{"trade_name": NaN}',
    "a surrogate": b'{"trade_name": "\\ud800"}',
    "deep": b"[" * 100_000,
}


async def test_a_body_that_is_not_json_is_refused_and_is_no_fault(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Content-Type": "application/json"}
    for case, body in NOT_JSON.items():
        answer = await client.post("/enterprises", content=body, headers=headers)

        assert answer.status_code in (400, 422), case
        assert answer.headers["content-type"] == PROBLEM, case


async def test_an_address_that_is_none_is_404(client: httpx.AsyncClient) -> None:
    assert _is_problem(await client.get(f"/{NIK}"), 404, "about:blank")
    absent = await client.get(f"/enterprises/{uuid4()}")
    assert _is_problem(absent, 404, "/problems/enterprise-not-found")


async def test_a_method_that_is_not_offered_is_405_and_says_which_are(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/enterprises")

    assert _is_problem(answer, 405, "about:blank")
    assert answer.headers["allow"] in ("GET", "POST", "GET, POST")


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    answer = await client.post("/enterprises", json=an_enterprise(trade_name="a" * 1_000_001))

    assert _is_problem(answer, 413, "/problems/too-large")


async def test_a_media_type_that_is_not_read_is_415(client: httpx.AsyncClient) -> None:
    answer = await client.post("/imports", content=b"x", headers={"Content-Type": "text/html"})

    assert _is_problem(answer, 415, "/problems/unsupported-media")


async def test_a_fault_of_ours_is_500_and_tells_nothing(registry: Ecosystem) -> None:
    app = create_service(registry.settings("registry"), "Planted", [router])
    headers = {"Authorization": f"Bearer {registry.issuer.token('operator')}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        answer = await client.get("/api/registry/v1/fault", headers=headers)

    assert _is_problem(answer, 500, "/problems/fault")
    assert set(answer.json()) - {"traceId"} == {"type", "title", "status"}


async def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_again(
    planted: httpx.AsyncClient,
) -> None:
    answer = await planted.get("/v1/question")

    assert _is_problem(answer, 503, "/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_readiness_asks_the_database_and_liveness_does_not(
    planted: httpx.AsyncClient,
) -> None:
    assert (await planted.get("/health/live")).status_code == 204
    assert (await planted.get("/health/ready")).status_code == 503


async def test_a_change_without_if_match_is_428(client: httpx.AsyncClient) -> None:
    address = await _registered(client)

    assert _is_problem(await client.post(f"{address}/close"), 428, "/problems/version-missing")
    any_version = await client.post(f"{address}/close", headers={"If-Match": "*"})
    assert any_version.status_code == 428


async def test_a_change_of_an_older_version_is_412(client: httpx.AsyncClient) -> None:
    address = await _registered(client)
    await client.post(f"{address}/close", headers={"If-Match": '"1"'})

    for stale in ('"1"', '"999999999999999999999"', 'W/"2"', '"a"'):
        answer = await client.post(f"{address}/reopen", headers={"If-Match": stale})
        assert _is_problem(answer, 412, "/problems/stale")


async def test_an_if_match_that_cannot_be_read_is_400(client: httpx.AsyncClient) -> None:
    address = await _registered(client)
    for if_match in ("1", '"1', '"1" "2"', ","):
        answer = await client.post(f"{address}/close", headers={"If-Match": if_match})

        assert _is_problem(answer, 400, "/problems/malformed"), if_match


async def test_the_etag_of_an_answer_is_what_the_next_change_needs(
    client: httpx.AsyncClient,
) -> None:
    address = await _registered(client)

    read = await client.get(address)
    closed = await client.post(f"{address}/close", headers={"If-Match": read.headers["etag"]})
    seen = f'"77", {closed.headers["etag"]}'
    reopened = await client.post(f"{address}/reopen", headers={"If-Match": seen})

    assert [a.headers["etag"] for a in (read, closed, reopened)] == ['"1"', '"2"', '"3"']


async def _registered(client: httpx.AsyncClient) -> str:
    answer = await client.post("/enterprises", json=an_enterprise())
    location: str = answer.headers["location"]
    return location.removeprefix("/api/registry/v1")


async def _count(registry: Ecosystem, table: str = "enterprise") -> int:
    return len(await registry.rows("registry", f"SELECT FROM {table}"))


async def test_the_same_request_under_the_same_key_has_one_effect_and_one_answer(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}

    first = await client.post("/enterprises", json=an_enterprise(), headers=key)
    again = await client.post("/enterprises", json=an_enterprise(), headers=key)

    assert first.status_code == again.status_code == 201
    for header in ("location", "etag"):
        assert first.headers[header] == again.headers[header]
    assert again.headers["idempotency-replayed"] == "true"
    assert (await _count(registry), await _count(registry, "idempotency_key")) == (1, 1)


async def test_a_change_is_repeated_without_being_made_twice(client: httpx.AsyncClient) -> None:
    address = await _registered(client)
    headers = {"Idempotency-Key": "close-it", "If-Match": '"1"'}

    first = await client.post(f"{address}/close", headers=headers)
    again = await client.post(f"{address}/close", headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["etag"] == again.headers["etag"] == '"2"'


async def test_another_request_under_the_same_key_is_422(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "a-key"}
    await client.post("/enterprises", json=an_enterprise(), headers=key)

    answer = await client.post("/enterprises", json=an_enterprise(kbli="01134"), headers=key)

    assert _is_problem(answer, 422, "/problems/invalid")
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


async def test_a_key_that_cannot_be_one_is_422(client: httpx.AsyncClient) -> None:
    for key in ("", "a key", "a" * 256):
        headers = {"Idempotency-Key": key}
        answer = await client.post("/enterprises", json=an_enterprise(), headers=headers)

        assert _is_problem(answer, 422, "/problems/invalid"), key
