"""Owners over HTTP: registered, found, changed, revealed and erased, by those who may."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.registry.ids import unit_id
from tests.registry.register import verbs
from tests.support.builders import MALANG, a_key, an_enterprise
from tests.support.ecosystem import Ecosystem
from tests.support.owners import SHOWN, an_owner, id_of, problem_of, register_owner, reveal
from tests.support.vaults import a_nik


async def test_a_registered_owner_is_shown_masked_with_warnings(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/owners", json=an_owner(1), headers=a_key())
    read = await desk.get(answer.headers["location"].removeprefix("/api/registry/v1"))

    warnings = answer.json()["warnings"]
    assert [warning["code"] for warning in warnings] == ["nik_region_unknown"]
    assert answer.json() == {"id": answer.json()["id"], "warnings": warnings} | SHOWN
    assert read.json() == answer.json()
    assert read.headers["etag"] == answer.headers["etag"] == '"1"'


async def test_a_warning_is_told_in_the_language_that_is_asked_for(
    desk: httpx.AsyncClient,
) -> None:
    address = await register_owner(desk)

    read = await desk.get(address, headers={"Accept-Language": "id"})

    assert "kecamatan" in read.json()["warnings"][0]["detail"]
    assert "Accept-Language" in read.headers["vary"]


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"name": " "}, "/name", "text_missing"),
    ({"name": "..."}, "/name", "text_without_letters"),
    ({"nik": "357901"}, "/nik", "nik_shape"),
    ({"nik": 3579014505870001}, "/nik", "string_type"),
    ({"nik": "3579018105870001"}, "/nik", "nik_day"),
    ({"birth_date": "1987-02-30"}, "/birth_date", "date_shape"),
    ({"sex": "L"}, "/sex", "sex_unknown"),
    ({"npwp": "1"}, "/npwp", "npwp_shape"),
    ({"phone": "1"}, "/phone", "phone_shape"),
    ({"phone": None}, "/phone", "string_type"),
    ({"email": "wulan"}, "/email", "email_shape"),
    ({"unit_id": "1"}, "/unit_id", "uuid_parsing"),
]


async def test_each_field_that_breaks_a_rule_is_pointed_at(desk: httpx.AsyncClient) -> None:
    for changes, pointer, code in BROKEN:
        answer = await desk.post("/owners", json=an_owner(1, **changes), headers=a_key())

        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)


async def test_no_refusal_repeats_what_was_sent(desk: httpx.AsyncClient) -> None:
    wrong = {
        "nik": "3579018105870001",
        "birth_date": "1987-02-30",
        "sex": "perempuan",
        "npwp": "rahasia",
        "phone": "08-rahasia",
        "email": "rahasia",
        "address": "rahasia\u202e",
    }

    answer = await desk.post("/owners", json=an_owner(1, **wrong), headers=a_key())

    assert len(answer.json()["errors"]) == len(wrong)
    assert not [value for value in wrong.values() if value[:7] in answer.text]


async def test_a_person_is_registered_with_their_own_unit_alone(desk: httpx.AsyncClient) -> None:
    elsewhere = an_owner(1, unit_id=str(unit_id(MALANG)))
    nowhere = an_owner(1, unit_id=str(uuid4()))

    refused = [
        await desk.post("/owners", json=body, headers=a_key()) for body in (elsewhere, nowhere)
    ]

    assert [answer.status_code for answer in refused] == [403, 422]


async def test_a_unit_registers_a_person_once_however_many_try(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    attempts = (desk.post("/owners", json=an_owner(1), headers=a_key()) for _ in range(6))
    answers = await asyncio.gather(*attempts)

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["type"] == "/problems/person-known"
    assert len(await registry.rows("registry", "SELECT FROM vault.subject")) == 1


async def test_an_owner_is_found_by_nik_or_phone_within_reach(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register_owner(desk)
    malang = await registry.client("registry", "malang")
    questions: list[dict[str, str]] = [{"nik": a_nik(1)}, {"phone": "+62 812 0000 0001"}]

    for question in questions:
        (found,) = (await desk.post("/owners/search", json=question)).json()["items"]
        assert f"/owners/{found['id']}" == address
        assert {**found, "warnings": []} == {"id": found["id"], "warnings": []} | SHOWN
        assert (await malang.post("/owners/search", json=question)).json()["items"] == []
    for unclear in ({}, {"nik": a_nik(1), "phone": "081200000001"}, {"name": "Wulan"}):
        assert (await desk.post("/owners/search", json=unclear)).status_code == 422


async def test_a_foreign_owner_is_exactly_as_absent_as_no_owner(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register_owner(desk)
    malang = await registry.client("registry", "malang")

    for ask in (
        malang.get,
        lambda path: malang.patch(path, json={"name": "Lain"}, headers={"If-Match": '"1"'}),
        lambda path: reveal(malang, path),
    ):
        foreign, absent = await ask(address), await ask(f"/owners/{uuid4()}")
        assert (foreign.status_code, foreign.json()) == (404, absent.json())


async def test_what_is_kept_is_changed_by_who_read_it(desk: httpx.AsyncClient) -> None:
    address = await register_owner(desk, email="wulan@contoh.id")

    changed = await desk.patch(
        address, json={"phone": "081299999999", "email": None}, headers={"If-Match": '"1"'}
    )
    stale = await desk.patch(address, json={"name": "Bulan"}, headers={"If-Match": '"1"'})
    same = await desk.patch(address, json={"name": "Wulan Percobaan"}, headers={"If-Match": '"2"'})

    assert (changed.json()["phone"], changed.json()["email"]) == ("+62********999", None)
    assert changed.headers["etag"] == '"2"'
    assert (await desk.get(address)).json() == changed.json()
    assert (stale.status_code, same.status_code) == (412, 422)
    assert (await desk.patch(address, json={"name": "Bulan"})).status_code == 428


async def test_what_must_be_there_cannot_be_taken_away(desk: httpx.AsyncClient) -> None:
    address = await register_owner(desk)
    for name in ("name", "nik", "birth_date", "sex", "phone", "address"):
        answer = await desk.patch(address, json={name: None}, headers={"If-Match": '"1"'})

        assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    empty = await desk.patch(address, json={}, headers={"If-Match": '"1"'})
    assert empty.json()["errors"][0]["code"] == "nothing_to_change"


async def test_an_enterprise_is_registered_with_owners_whom_its_unit_knows(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    ministry = await registry.client("registry", "ministry")
    known = id_of(await register_owner(desk, 1))
    foreign = id_of(await register_owner(ministry, 2, unit_id=str(unit_id(MALANG))))

    made = await _with_owners(desk, [known, known])
    refused = [await _with_owners(desk, [known, each]) for each in (foreign, uuid4())]
    mixed = await _with_owners(ministry, [foreign])

    assert made.status_code == 201
    for answer in (*refused, mixed):
        assert problem_of(answer) == (422, "/problems/owner-unknown")
    pointers = [answer.json()["errors"][0]["pointer"] for answer in (*refused, mixed)]
    assert pointers == ["/owner_ids/1", "/owner_ids/1", "/owner_ids/0"]
    states = await registry.rows(
        "registry", "SELECT data->'owner_ids' AS ids FROM event_log WHERE topic ~ 'enterprise'"
    )
    assert [state["ids"] for state in states] == [f'["{known}"]']


async def test_who_owns_an_enterprise_can_change_and_newcomers_are_known_to_its_unit(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    seller, buyer = [id_of(await register_owner(desk, serial)) for serial in (1, 2)]
    address = f"/enterprises/{(await _with_owners(desk, [seller])).json()['id']}"

    def owned_by(*owners: object, version: int) -> Awaitable[httpx.Response]:
        seen = {"If-Match": f'"{version}"'}
        return desk.patch(address, json={"owner_ids": list(map(str, owners))}, headers=seen)

    unknown = await owned_by(seller, uuid4(), version=1)
    joint = await owned_by(seller, buyer, buyer, version=1)
    again = await owned_by(seller, buyer, version=2)
    sold = await owned_by(buyer, version=2)

    assert problem_of(unknown) == (422, "/problems/owner-unknown")
    assert unknown.json()["errors"][0]["pointer"] == "/owner_ids/1"
    assert joint.json()["owner_ids"] == [str(seller), str(buyer)]
    assert problem_of(again) == (422, "/problems/nothing-changed")
    assert sold.json()["owner_ids"] == [str(buyer)]
    assert await verbs(registry, address) == ["registered", "owners_changed", "owners_changed"]
    elsewhere = await registry.client("registry", "malang")
    assert (await elsewhere.get(address)).json()["owner_ids"] is None


@pytest.mark.usefixtures("database")
async def test_without_a_key_service_only_persons_are_out_of_reach(registry: Ecosystem) -> None:
    keyless = await registry.client("registry", "ministry", keyring=None)
    with_keys = await registry.client("registry", "ministry")
    address = await register_owner(with_keys)

    for answer in (
        await keyless.get(address),
        await reveal(keyless, address),
        await keyless.post("/owners/search", json={"nik": a_nik(1)}),
        await keyless.post("/owners", json=an_owner(2), headers=a_key()),
    ):
        assert problem_of(answer) == (503, "/problems/unavailable")
    assert (await _with_owners(keyless, [id_of(address)])).status_code == 201
    assert (await keyless.get(f"{address}/accesses")).json()["items"] == []
    assert (await keyless.post(f"{address}/erase")).status_code == 204


async def _with_owners(client: httpx.AsyncClient, ids: list[Any]) -> httpx.Response:
    body = an_enterprise(owner_ids=[str(each) for each in ids])
    return await client.post("/enterprises", json=body, headers=a_key())
