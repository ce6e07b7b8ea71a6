"""What every service's HTTP side promises of its problems and versions."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from fastapi import APIRouter

from shared.web.operations import Operation
from shared.web.transactions import Read
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.planted import NIK, is_problem, planted

router = APIRouter(route_class=Operation)


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
async def cut_off(registry: Ecosystem, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A service whose database is gone."""
    gone = "postgresql://u:p@127.0.0.1:1/none"
    async with planted(registry, router, tmp_path, database_url=gone) as made:
        yield made


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
        answer = await client.post("/enterprises", json=body, headers=a_key())

        assert is_problem(answer, 422, "/problems/invalid"), case
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
    headers = {"Content-Type": "application/json", **a_key()}
    for case, body in NOT_JSON.items():
        answer = await client.post("/enterprises", content=body, headers=headers)

        assert answer.status_code in (400, 422), case
        assert answer.headers["content-type"] == "application/problem+json", case


async def test_an_address_that_is_none_is_404(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get(f"/{NIK}"), 404, "about:blank")
    absent = await client.get(f"/enterprises/{uuid4()}")
    assert is_problem(absent, 404, "/problems/enterprise-not-found")


async def test_a_method_that_is_not_offered_is_405_and_says_which_are(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.delete("/enterprises")

    assert is_problem(answer, 405, "about:blank")
    assert answer.headers["allow"] == "GET, POST"


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    body = an_enterprise(trade_name="a" * 1_000_001)
    answer = await client.post("/enterprises", json=body, headers=a_key())

    assert is_problem(answer, 413, "/problems/too-large")


async def test_a_media_type_that_is_not_read_is_415(client: httpx.AsyncClient) -> None:
    answer = await client.post("/imports", content=b"x", headers={"Content-Type": "text/html"})

    assert is_problem(answer, 415, "/problems/unsupported-media")


async def test_a_fault_of_ours_is_500_and_tells_nothing(
    registry: Ecosystem, tmp_path: Path
) -> None:
    async with planted(registry, router, tmp_path) as client:
        answer = await client.get("/fault")

    assert is_problem(answer, 500, "/problems/fault")
    assert set(answer.json()) - {"traceId"} == {"type", "title", "status"}


async def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_again(
    cut_off: httpx.AsyncClient,
) -> None:
    answer = await cut_off.get("/question")

    assert is_problem(answer, 503, "/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_readiness_asks_the_database_and_liveness_does_not(
    cut_off: httpx.AsyncClient,
) -> None:
    health = "http://test/api/registry/health"

    assert (await cut_off.get(f"{health}/live")).status_code == 204
    assert (await cut_off.get(f"{health}/ready")).status_code == 503


async def test_a_change_without_if_match_is_428(client: httpx.AsyncClient) -> None:
    address = await _registered(client)

    assert is_problem(await client.post(f"{address}/close"), 428, "/problems/version-missing")
    any_version = await client.post(f"{address}/close", headers={"If-Match": "*"})
    assert any_version.status_code == 428


async def test_a_change_of_an_older_version_is_412(client: httpx.AsyncClient) -> None:
    address = await _registered(client)
    await client.post(f"{address}/close", headers={"If-Match": '"1"'})

    for stale in ('"1"', '"999999999999999999999"', 'W/"2"', '"a"'):
        answer = await client.post(f"{address}/reopen", headers={"If-Match": stale})
        assert is_problem(answer, 412, "/problems/stale")


async def test_an_if_match_that_cannot_be_read_is_400(client: httpx.AsyncClient) -> None:
    address = await _registered(client)
    for if_match in ("1", '"1', '"1" "2"', ","):
        answer = await client.post(f"{address}/close", headers={"If-Match": if_match})

        assert is_problem(answer, 400, "/problems/malformed"), if_match


async def test_the_etag_of_an_answer_is_what_the_next_change_needs(
    client: httpx.AsyncClient,
) -> None:
    address = await _registered(client)

    read = await client.get(address)
    closed = await client.post(f"{address}/close", headers={"If-Match": read.headers["etag"]})
    seen = f'"77", {closed.headers["etag"]}'
    reopened = await client.post(f"{address}/reopen", headers={"If-Match": seen})

    assert [a.headers["etag"] for a in (read, closed, reopened)] == ['"1"', '"2"', '"3"']


async def test_what_the_client_has_already_is_sent_again_since_more_than_the_version_may_differ(
    client: httpx.AsyncClient,
) -> None:
    address = await _registered(client)
    for seen in ('"1"', '"7", "1"', "*", '"'):
        answer = await client.get(address, headers={"If-None-Match": seen})

        assert (answer.status_code, answer.json()["kind"]) == (200, "enterprise"), seen


async def _registered(client: httpx.AsyncClient) -> str:
    answer = await client.post("/enterprises", json=an_enterprise(), headers=a_key())
    location: str = answer.headers["location"]
    return location.removeprefix("/api/registry/v1")
