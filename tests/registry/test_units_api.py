"""The units over HTTP, read-only."""

from uuid import uuid4

import pytest

from services.registry.ids import unit_id
from services.registry.schemas import OpenUnit
from services.registry.use_cases import open_unit
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem

OPEN = {"11": "province", "35": "province", "35.79": "regency", "91.71": "regency"}


@pytest.fixture
async def opened(registry: Ecosystem) -> Ecosystem:
    """A registry with four units."""
    async with registry.database("registry").transaction(registry.actor) as tx:
        for region_code, level in OPEN.items():
            command = OpenUnit.model_validate({"level": level, "region_code": region_code})
            await open_unit(tx, command)
    return registry


async def test_units_are_listed_in_the_order_of_their_regions(opened: Ecosystem) -> None:
    client = await opened.client("registry", "evaluator")

    listed = (await client.get("/units")).json()["items"]
    of_east_java = (await client.get("/units", params={"region": "35"})).json()["items"]
    first = (await client.get("/units", params={"limit": 3})).json()
    rest = (await client.get("/units", params={"after": first["next"]})).json()

    assert [unit["region_code"] for unit in listed] == list(OPEN)
    assert [unit["region_code"] for unit in of_east_java] == ["35", "35.79"]
    assert first["items"] + rest["items"] == listed


async def test_a_unit_is_named_after_its_region_and_lives_in_its_time_zone(
    opened: Ecosystem,
) -> None:
    client = await opened.client("registry", "evaluator")

    answer = await client.get(f"/units/{unit_id(BATU)}")

    assert answer.headers["etag"] == '"1"'
    assert answer.json() == {
        "id": str(unit_id(BATU)),
        "name": "PLUT-KUMKM Kota Batu",
        "level": "regency",
        "region_code": "35.79",
        "time_zone": "Asia/Jakarta",
    }


async def test_a_unit_that_there_is_not_is_404(opened: Ecosystem) -> None:
    client = await opened.client("registry", "evaluator")

    answer = await client.get(f"/units/{uuid4()}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unit-not-found")


async def test_units_are_shown_to_nobody_unknown(opened: Ecosystem) -> None:
    client = await opened.client("registry", None)

    assert (await client.get("/units")).status_code == 401


async def test_a_unit_that_is_opened_twice_is_opened_once(opened: Ecosystem) -> None:
    async with opened.database("registry").transaction(opened.actor) as tx:
        await open_unit(tx, OpenUnit(level="regency", region_code=BATU))

    logged = await opened.rows("registry", "SELECT FROM event_log")
    assert len(logged) == len(OPEN)
