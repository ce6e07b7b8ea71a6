"""Every answer keeps a browser from doing what nobody meant, and only known pages read it."""

from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from shared.web.headers import SafeAnswers
from shared.web.operations import Operation
from shared.web.transactions import Read
from tests.support.ecosystem import Ecosystem
from tests.support.planted import planted

DESK = "https://desk.example.go.id"
ALWAYS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

router = APIRouter(route_class=Operation)


@router.get("/fault")
async def fault(_: Read) -> None:
    """Fail as only a programming error does."""
    raise ZeroDivisionError


async def test_every_answer_has_the_headers_that_keep_it_safe(
    registry: Ecosystem, tmp_path: Path
) -> None:
    async with planted(registry, router, tmp_path, cors_origins=(DESK,)) as client:
        answers = [
            await client.get("/audit/entries"),
            await client.get("/fault"),
            await client.get("/nothing"),
            await client.request("TRACE", "/fault"),
            await client.post("/fault", content=b"a" * 1_000_001),
            await client.get("/fault", headers={"Authorization": ""}),
            await client.get("http://test/api/registry/openapi.json"),
            await client.get("http://test/api/registry/health/live"),
            await client.options("/fault", headers=_asking("https://elsewhere.example")),
        ]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [403, 500, 404, 405, 413, 401, 200, 204, 400]
    for answer in answers:
        assert ALWAYS.items() <= dict(answer.headers).items()
        assert "strict-transport-security" not in answer.headers


async def test_in_production_a_browser_comes_back_over_https_only() -> None:
    transport = httpx.ASGITransport(SafeAnswers(PlainTextResponse("good"), production=True))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/")

    assert answer.headers["strict-transport-security"] == "max-age=63072000"


async def test_a_known_page_may_call_and_read_what_it_needs(
    registry: Ecosystem, tmp_path: Path
) -> None:
    async with planted(registry, router, tmp_path, cors_origins=(DESK,)) as client:
        asked = await client.options("/fault", headers=_asking(DESK))
        answers = [await client.get(path, headers={"Origin": DESK}) for path in ("/fault", "/no")]

    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, DESK)
    assert {"If-Match", "Idempotency-Key"} <= _names(asked, "access-control-allow-headers")
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == DESK
        assert _names(answer, "access-control-expose-headers") == {
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "Idempotency-Replayed",
            "Content-Language",
        }
        assert _names(answer, "vary") >= {"Origin"}
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://elsewhere.example", f"{DESK}.evil.example", "null"])
async def test_no_other_page_may(registry: Ecosystem, tmp_path: Path, origin: str) -> None:
    async with planted(registry, router, tmp_path, cors_origins=(DESK,)) as client:
        asked = await client.options("/fault", headers=_asking(origin))
        answer = await client.get("/fault", headers={"Origin": origin})

    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers
    assert "access-control-allow-origin" not in answer.headers


async def test_an_address_with_another_slash_is_no_address(
    registry: Ecosystem, tmp_path: Path
) -> None:
    async with planted(registry, router, tmp_path) as client:
        answer = await client.get("/fault/", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer.headers.get("location")) == (404, None)


def _asking(origin: str) -> dict[str, str]:
    """The headers by which a browser asks before it sends something."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, if-match, idempotency-key",
    }


def _names(answer: httpx.Response, header: str) -> set[str]:
    return {name.strip() for name in answer.headers[header].split(",")}
