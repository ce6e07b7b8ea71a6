"""Routes: no actor without a token that holds, and no entry without a role."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from shared.access.authorization import Authorization, MatrixIncomplete
from shared.access.tokens import Tokens
from shared.access.web import CurrentActor, guarded_operations
from shared.refusals import Refusal
from tests.support.tokens import TestIssuer

ROWS = """
[me]
allow = "everyone"

[audit]
allow = ["auditor", "ministry"]
"""


@pytest_asyncio.fixture
async def client(issuer: TestIssuer, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.tokens = Tokens([issuer.rules()])
    rows = tmp_path / "authorization.toml"
    rows.write_text(ROWS)
    app.state.authorization = Authorization.read(rows)

    @app.get("/me")
    async def me(actor: CurrentActor) -> str:
        return actor.subject

    @app.get("/audit")
    async def audit(actor: CurrentActor) -> str:
        return str(actor.operation)

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Refusal) -> JSONResponse:
        return JSONResponse(refusal.detail, refusal.status)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as opened:
        yield opened


async def test_the_bearer_of_a_good_token_is_known(
    issuer: TestIssuer, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/me", headers={"Authorization": f"Bearer {issuer.token()}"})

    assert (answer.status_code, answer.json()) == (200, "test|operator")


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer Bearer ", "Token "])
async def test_only_a_bearer_token_is_taken(
    issuer: TestIssuer, client: httpx.AsyncClient, scheme: str
) -> None:
    answer = await client.get("/me", headers={"Authorization": scheme + issuer.token()})

    assert answer.status_code == 401


async def test_nobody_is_let_in_without_a_header_or_with_two(
    issuer: TestIssuer, client: httpx.AsyncClient
) -> None:
    one = ("Authorization", f"Bearer {issuer.token()}")

    none, twice = await client.get("/me"), await client.get("/me", headers=[one, one])

    assert none.status_code == twice.status_code == 401


async def test_a_token_in_the_address_is_not_looked_at(
    issuer: TestIssuer, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/me", params={"access_token": issuer.token()})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("ministry", 200), ("owner", 403), ("astronaut", 403)]
)
async def test_a_door_opens_to_its_roles_only(
    issuer: TestIssuer, client: httpx.AsyncClient, role: str, status: int
) -> None:
    token = issuer.token(grants=[{"role": role, "scope": "nation"}])

    answer = await client.get("/audit", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status


async def test_the_door_is_written_in_the_description_of_the_service(
    client: httpx.AsyncClient,
) -> None:
    described = (await client.get("/openapi.json")).json()

    assert described["paths"]["/me"]["get"]["security"] == [{"bearer": []}]
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_a_route_beside_the_door_is_found() -> None:
    router = APIRouter()

    @router.get("/open")
    async def open_to_anyone() -> None:
        """Ask for nothing."""

    with pytest.raises(MatrixIncomplete, match="open_to_anyone can be asked for by anyone"):
        guarded_operations(router.routes)  # type: ignore[arg-type]  # all of them are API routes


def test_two_operations_of_one_name_are_found() -> None:
    router = APIRouter()
    for path in ("/one", "/two"):

        @router.get(path)
        async def look(_actor: CurrentActor) -> None:
            """Look."""

    with pytest.raises(MatrixIncomplete, match="two operations are called look"):
        guarded_operations(router.routes)  # type: ignore[arg-type]  # as above
