"""Who may import what, and look at it."""

from uuid import uuid4

import httpx
import pytest

from shared.database import Database
from tests.support.builders import MALANG
from tests.support.ecosystem import Ecosystem
from tests.support.files import CSV, a_file, a_line, hand_in, import_batches, names, read


@pytest.mark.parametrize("persona", ["batu", "batu_head"])
async def test_who_keeps_one_unit_imports_that_unit_only(
    registry: Ecosystem, client: httpx.AsyncClient, database: Database, persona: str
) -> None:
    desk = await registry.client("registry", persona)
    address = await hand_in(desk, a_file([a_line("A"), a_line("B", unit=MALANG)]))

    await import_batches(database)

    assert await names(registry) == ["A"]
    (rejection,) = (await read(client, f"{address}/rejections"))["items"]
    assert (rejection["line"], rejection["code"]) == (3, "unit_not_yours")


async def test_who_keeps_no_register_imports_nothing(registry: Ecosystem) -> None:
    refused = {None: 401, "nobody": 403, "evaluator": 403}
    for persona, status in refused.items():
        other = await registry.client("registry", persona)
        answer = await other.post("/imports", content=a_file([a_line("A")]), headers=CSV)

        assert answer.status_code == status, persona

    assert await registry.rows("registry", "SELECT FROM enterprise_import") == []


@pytest.mark.usefixtures("database")
async def test_who_keeps_a_region_imports_for_all_its_units(registry: Ecosystem) -> None:
    east_java = await registry.client("registry", "east_java")
    file = a_file([a_line("A")])

    answer = await east_java.post("/imports", content=file, headers=CSV)
    await import_batches(registry.database("registry", "worker"))

    assert answer.status_code == 202
    assert await names(registry) == ["A"]


async def test_a_grant_over_something_else_is_no_unit_to_import_for(registry: Ecosystem) -> None:
    of_an_enterprise = [{"role": "desk_officer", "scope": f"enterprise:{uuid4()}"}]
    client = await registry.client("registry", None)
    token = registry.issuer.token("batu", of_an_enterprise)
    headers = CSV | {"Authorization": f"Bearer {token}"}

    answer = await client.post("/imports", content=a_file([a_line("A")]), headers=headers)

    assert answer.status_code == 403
    assert await names(registry) == []


async def test_an_import_is_nobody_elses_to_look_at(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    batu = await registry.client("registry", "batu")
    address = await hand_in(batu, a_file([a_line("A")]))

    allowed = [(await c.get(address)).status_code for c in (batu, client)]
    strangers = [await registry.client("registry", who) for who in ("malang", "evaluator")]
    refused = [
        (await stranger.get(address + part)).status_code
        for stranger in strangers
        for part in ("", "/rejections")
    ]

    assert allowed == [200, 200]
    assert refused == [404, 404, 403, 403]
