"""What a desk does again and again in the tests of its register."""

from typing import Any
from uuid import UUID

import httpx

from tests.support.builders import a_key, an_enterprise
from tests.support.ecosystem import Ecosystem


async def register(client: httpx.AsyncClient, **changes: object) -> str:
    """Register an enterprise, and return its address."""
    answer = await client.post("/enterprises", json=an_enterprise(**changes), headers=a_key())
    assert answer.status_code == 201, answer.text
    return f"/enterprises/{answer.json()['id']}"


async def make(client: httpx.AsyncClient, address: str, body: object) -> dict[str, Any]:
    """Make something, and return it."""
    answer = await client.post(address, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def step(
    client: httpx.AsyncClient, address: str, name: str, body: object = None
) -> httpx.Response:
    """Ask for a change of state, in the version that there is."""
    seen = (await client.get(address)).headers.get("etag", '"1"')
    return await client.post(f"{address}/{name}", json=body, headers={"If-Match": seen})


async def items(client: httpx.AsyncClient, address: str, **wanted: str) -> list[dict[str, Any]]:
    """The first page of a list."""
    answer = await client.get(address, params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def id_of(address: str) -> str:
    """The id in an address."""
    return address.rpartition("/")[2]


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the type of a problem."""
    return answer.status_code, answer.json()["type"]


async def owner_client(registry: Ecosystem, person: UUID) -> httpx.AsyncClient:
    """The client of a person who signed in as an owner."""
    client = await registry.client("registry", None)
    grants = [{"role": "owner", "scope": f"enterprise:{person}"}]
    token = registry.issuer.token("person", grants, person)
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def verbs(registry: Ecosystem, address: str) -> list[str]:
    """What was said of an aggregate, in order."""
    statement = "SELECT type FROM event_log WHERE key = $1 ORDER BY id"
    rows = await registry.rows("registry", statement, id_of(address))
    return [row["type"].split(".")[-2] for row in rows]
