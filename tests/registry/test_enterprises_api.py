"""Enterprises over HTTP: registered, found, changed, closed and reopened, by those who may."""

from typing import Any

import httpx
import pytest

from services.registry.ids import unit_id
from tests.support.builders import BATU, a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with the unit of Batu."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


async def _register(client: httpx.AsyncClient, **changes: object) -> dict[str, Any]:
    answer = await client.post("/enterprises", json=an_enterprise(**changes), headers=a_key())
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _found(client: httpx.AsyncClient, **wanted: str) -> list[str]:
    answer = await client.get("/enterprises", params=wanted)
    assert answer.status_code == 200, answer.text
    return [item["trade_name"] for item in answer.json()["items"]]


async def test_a_registered_enterprise_can_be_read_where_the_answer_says(
    client: httpx.AsyncClient,
) -> None:
    body = an_enterprise(village_code="3579011001")
    answer = await client.post("/enterprises", json=body, headers=a_key())
    read = await client.get(answer.headers["location"].removeprefix("/api/registry/v1"))

    assert answer.status_code == 201
    assert read.json() == answer.json()
    assert read.headers["etag"] == answer.headers["etag"] == '"1"'
    expected = an_enterprise() | {"id": answer.json()["id"], "status": "active"}
    shown = {name: value for name, value in read.json().items() if name != "actions"}
    nothing_yet: dict[str, object] = {
        "merged_into": None,
        "owner_ids": [],
        "returned_because": None,
        "tenancies": [],
    }
    assert shown == expected | nothing_yet | {"verification": "draft"}


async def test_what_is_answered_is_committed_with_its_event(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    enterprise = await _register(client)

    logged = await registry.rows("registry", "SELECT key FROM event_log WHERE seq = 1 ORDER BY id")
    assert logged[-1]["key"] == enterprise["id"]


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"kind": "shop"}, "/kind", "literal_error"),
    ({"trade_name": "  "}, "/trade_name", "text_missing"),
    ({"trade_name": "a" * 121}, "/trade_name", "text_too_long"),
    ({"trade_name": "\u202e"}, "/trade_name", "text_characters"),
    ({"village_code": "35.79"}, "/village_code", "village_shape"),
    ({"village_code": "35.79.01.9999"}, "/village_code", "village_unknown"),
    ({"kbli": "04000"}, "/kbli", "kbli_unknown"),
    ({"kbli": 10794}, "/kbli", "string_type"),
    ({"unit_id": "1"}, "/unit_id", "uuid_parsing"),
]


async def test_each_field_that_breaks_a_rule_is_pointed_at(client: httpx.AsyncClient) -> None:
    for changes, pointer, code in BROKEN:
        answer = await client.post("/enterprises", json=an_enterprise(**changes), headers=a_key())

        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)


async def test_what_is_corrected_obeys_the_rules_of_a_registration(
    client: httpx.AsyncClient,
) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    for changes, pointer, code in (
        each for each in BROKEN if each[1] in {"/village_code", "/kbli"}
    ):
        answer = await client.patch(address, json=changes, headers={"If-Match": '"1"'})

        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)


async def test_a_unit_that_there_is_not_is_pointed_at(client: httpx.AsyncClient) -> None:
    body = an_enterprise(unit_id=str(unit_id("11.71")))

    answer = await client.post("/enterprises", json=body, headers=a_key())

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unit-unknown"
    assert answer.json()["errors"][0]["pointer"] == "/unit_id"


async def test_a_name_and_a_class_are_changed_together_or_alone(client: httpx.AsyncClient) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    both = {"trade_name": " Kopi  Arjuno ", "size_class": "kecil"}

    first = await client.patch(address, json=both, headers={"If-Match": '"1"'})
    second = await client.patch(
        address, json={"size_class": "mikro"}, headers={"If-Match": first.headers["etag"]}
    )

    assert (first.json()["trade_name"], first.json()["size_class"]) == ("Kopi Arjuno", "kecil")
    assert (first.headers["etag"], second.headers["etag"]) == ('"3"', '"4"')
    assert second.json()["trade_name"] == "Kopi Arjuno"


async def test_a_change_that_changes_nothing_is_422(client: httpx.AsyncClient) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    unchanged = {"trade_name": "Keripik Apel Panderman"}, {"kbli": "10794"}
    for body in ({}, {"kbli": None}, {"kind": "cooperative"}, *unchanged):
        answer = await client.patch(address, json=body, headers={"If-Match": '"1"'})

        assert answer.status_code == 422, body

    assert (await client.get(address)).headers["etag"] == '"1"'


async def test_a_closed_enterprise_can_only_be_reopened(client: httpx.AsyncClient) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    closed = await client.post(f"{address}/close", headers={"If-Match": '"1"'})
    seen = {"If-Match": closed.headers["etag"]}

    again = await client.post(f"{address}/close", headers=seen)
    renamed = await client.patch(address, json={"trade_name": "Lain"}, headers=seen)
    reopened = await client.post(f"{address}/reopen", headers=seen)
    twice = await client.post(f"{address}/reopen", headers={"If-Match": '"3"'})

    assert closed.json()["status"] == "closed"
    assert [again.json()["type"], renamed.json()["type"]] == ["/problems/enterprise-closed"] * 2
    assert (again.status_code, reopened.status_code, reopened.json()["status"]) == (
        409,
        200,
        "active",
    )
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/enterprise-active")


async def test_enterprises_are_found_by_a_part_of_the_name_in_a_region(
    client: httpx.AsyncClient,
) -> None:
    await _register(client, trade_name="Kripik Café Arjuno")
    await _register(client, trade_name="100% KRIPIK")
    await _register(client, trade_name="Kripik Jauh", village_code="11.71.01.2001")

    assert await _found(client) == ["100% KRIPIK", "Kripik Café Arjuno", "Kripik Jauh"]
    assert await _found(client, name="kripik", region="35") == ["100% KRIPIK", "Kripik Café Arjuno"]
    assert await _found(client, name="CAFE") == ["Kripik Café Arjuno"]
    assert await _found(client, name="0%k") == []
    assert await _found(client, name="%%%") == []
    assert await _found(client, name="100%") == ["100% KRIPIK"]
    assert await _found(client, region="11.71") == ["Kripik Jauh"]
    assert await _found(client, region="35.79.01.1001", name="kri") != []
    assert await _found(client, unit_id=str(unit_id(BATU)), name="jauh") == ["Kripik Jauh"]
    assert await _found(client, unit_id=str(unit_id("11.71"))) == []


UNASKABLE = [
    {"name": "ab"},
    {"name": "a" * 121},
    {"name": "ab\x00c"},
    {"region": "3"},
    {"region": "35%"},
    {"unit_id": "x"},
    {"limit": "201"},
]


async def test_a_question_that_cannot_be_asked_is_422(client: httpx.AsyncClient) -> None:
    for wanted in UNASKABLE:
        answer = await client.get("/enterprises", params=wanted)

        assert answer.status_code == 422, wanted
        assert answer.json()["errors"][0]["parameter"] == next(iter(wanted))


MAY_REGISTER = {
    None: 401,
    "nobody": 403,
    "evaluator": 403,
    "malang": 403,
    "batu": 201,
    "east_java": 201,
    "ministry": 201,
}


async def test_only_who_keeps_the_units_register_registers(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    for persona, status in MAY_REGISTER.items():
        other = await registry.client("registry", persona)
        answer = await other.post("/enterprises", json=an_enterprise(), headers=a_key())

        assert answer.status_code == status, persona
        assert ("www-authenticate" in answer.headers) == (status == 401)

    assert len(await _found(client)) == 3


async def test_only_who_keeps_the_units_register_changes_it(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    for persona, status in {"malang": 403, "evaluator": 403, "batu": 200}.items():
        other = await registry.client("registry", persona)
        read = {"If-Match": (await other.get(address)).headers["etag"]}
        renamed = await other.patch(address, json={"trade_name": "Lain"}, headers=read)
        read["If-Match"] = renamed.headers.get("etag", read["If-Match"])
        closed = await other.post(f"{address}/close", headers=read)

        assert (renamed.status_code, closed.status_code) == (status, status), persona


async def test_reading_needs_a_token_and_a_role(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    address = f"/enterprises/{(await _register(client))['id']}"
    expected = {None: 401, "nobody": 403, "evaluator": 200, "malang": 200}

    for persona, status in expected.items():
        other = await registry.client("registry", persona)

        assert (await other.get(address)).status_code == status, persona
        assert (await other.get("/enterprises")).status_code == status, persona
