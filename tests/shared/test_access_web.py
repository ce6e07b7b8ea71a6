"""Routes: no actor without a token that holds, and no entry without a role."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from shared.access.actor import Role
from shared.access.tokens import Tokens
from shared.access.web import CurrentActor, requires
from shared.refusals import Refusal
from tests.shared.issuer import ISSUER, Issuer, running_issuer


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as started:
        yield started


@pytest_asyncio.fixture
async def client(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.tokens = Tokens(ISSUER, issuer.jwks_url)

    @app.get("/me")
    async def me(actor: CurrentActor) -> str:
        return actor.subject

    @app.get("/audit", dependencies=[Depends(requires(Role.AUDITOR, Role.MINISTRY))])
    async def audit() -> str:
        return "seen"

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Refusal) -> JSONResponse:
        return JSONResponse(refusal.detail, refusal.status)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as opened:
        yield opened


async def test_the_bearer_of_a_good_token_is_known(
    issuer: Issuer, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/me", headers={"Authorization": f"Bearer {issuer.token()}"})

    assert (answer.status_code, answer.json()) == (200, "desk-1")


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer Bearer ", "Token "])
async def test_only_a_bearer_token_is_taken(
    issuer: Issuer, client: httpx.AsyncClient, scheme: str
) -> None:
    answer = await client.get("/me", headers={"Authorization": scheme + issuer.token()})

    assert answer.status_code == 401


async def test_nobody_is_let_in_without_a_header_or_with_two(
    issuer: Issuer, client: httpx.AsyncClient
) -> None:
    one = ("Authorization", f"Bearer {issuer.token()}")

    none, twice = await client.get("/me"), await client.get("/me", headers=[one, one])

    assert none.status_code == twice.status_code == 401


async def test_a_token_in_the_address_is_not_looked_at(
    issuer: Issuer, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/me", params={"access_token": issuer.token()})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 200), ("ministry", 200), ("owner", 403), ("astronaut", 403)]
)
async def test_a_door_opens_to_its_roles_only(
    issuer: Issuer, client: httpx.AsyncClient, role: str, status: int
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
