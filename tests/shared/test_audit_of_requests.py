"""Whatever is asked of a service and changes something, or is denied, stands in its audit trail."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem


@pytest.fixture(autouse=True)
async def unit(registry: Ecosystem) -> UUID:
    """The unit of Batu; what opening it left in the trail is not looked at."""
    return (await open_batu(registry.database("registry"))).id


async def _trail(registry: Ecosystem) -> list[Any]:
    return await registry.rows(
        "registry", "SELECT * FROM audit_entry WHERE actor NOT LIKE 'system:%' ORDER BY id"
    )


async def _register(client: httpx.AsyncClient, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await client.post("/enterprises", json=an_enterprise(), headers=headers)


async def test_a_change_leaves_who_did_what_to_which_and_where(
    registry: Ecosystem, unit: UUID
) -> None:
    batu = await registry.client("registry", "batu")

    made = (await _register(batu)).json()["id"]

    [entry] = await _trail(registry)
    assert entry["actor"].endswith("batu")
    assert (entry["operation"], entry["decision"]) == ("register_enterprise", "done")
    assert (entry["roles"], entry["unit"]) == (["desk_officer"], unit)
    assert entry["targets"] == [UUID(made)]
    assert entry["address"] == "127.0.0.1"


async def test_a_change_that_is_asked_for_twice_is_entered_once(registry: Ecosystem) -> None:
    batu, key = await registry.client("registry", "batu"), str(uuid4())

    first, again = await _register(batu, key), await _register(batu, key)

    assert first.headers["location"] == again.headers["location"]
    assert len(await _trail(registry)) == 1


@pytest.mark.parametrize("persona", ["malang", "evaluator", "nobody"])
async def test_a_denial_is_entered(registry: Ecosystem, persona: str) -> None:
    client = await registry.client("registry", persona)

    answer = await _register(client)

    assert answer.status_code == 403
    [entry] = await _trail(registry)
    assert (entry["operation"], entry["decision"]) == ("register_enterprise", "denied")
    assert entry["actor"].endswith(persona)


async def test_a_denial_names_what_it_was_about(registry: Ecosystem) -> None:
    malang, batu = [await registry.client("registry", who) for who in ("malang", "batu")]
    made = (await _register(batu)).json()["id"]

    await malang.post(f"/enterprises/{made}/close", headers={"If-Match": '"1"'})

    assert (await _trail(registry))[-1]["targets"] == [UUID(made)]


async def test_what_is_refused_for_another_reason_leaves_nothing(registry: Ecosystem) -> None:
    batu = await registry.client("registry", "batu")

    answer = await batu.post("/enterprises", json=an_enterprise(kbli="x"), headers=a_key())

    assert answer.status_code in {400, 422}
    assert await _trail(registry) == []


async def test_looking_is_not_entered(registry: Ecosystem) -> None:
    batu = await registry.client("registry", "batu")

    assert (await batu.get("/enterprises")).status_code == 200

    assert await _trail(registry) == []
