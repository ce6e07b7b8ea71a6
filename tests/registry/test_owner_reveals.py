"""Who is given a person's values is in the trail, which the person may read."""

import asyncio
from uuid import uuid4

import httpx

from services.registry.ids import unit_id
from tests.support.builders import a_key
from tests.support.ecosystem import Ecosystem
from tests.support.owners import SHOWN, an_owner, id_of, problem_of, register_owner, reveal
from tests.support.vaults import a_nik


async def test_a_revealed_value_is_in_the_trail_before_it_is_given(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address = await register_owner(desk)

    revealed = await reveal(desk, address, fields=["nik", "npwp", "phone"], purpose="contact")

    assert revealed.json() == {"fields": {"nik": a_nik(1), "phone": "+6281200000001"}}
    (access,) = (await head.get(f"{address}/accesses")).json()["items"]
    assert access.pop("at")
    assert access == {
        "actor": "test|batu",
        "roles": ["desk_officer"],
        "fields": ["nik", "npwp", "phone"],
        "purpose": "contact",
    }
    kept = "SELECT subject_id, operation, unit FROM audit_entry WHERE decision = 'revealed'"
    (entry,) = await registry.rows("registry", kept)
    assert f"/owners/{entry['subject_id']}" == address
    assert (entry["operation"], entry["unit"]) == ("reveal_owner", unit_id("35.79"))


async def test_what_cannot_be_noted_is_not_revealed(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register_owner(desk)
    rule = "ADD CONSTRAINT nothing_revealed CHECK (decision <> 'revealed')"
    await registry.rows("registry", f"ALTER TABLE audit_entry {rule}")

    refused = await reveal(desk, address)

    assert refused.status_code >= 500
    assert a_nik(1) not in refused.text


async def test_who_wants_a_value_says_which_and_what_for(desk: httpx.AsyncClient) -> None:
    address = await register_owner(desk)
    unclear: list[dict[str, object]] = [
        {"fields": []},
        {"fields": ["secret"]},
        {"purpose": "curiosity"},
    ]
    for changes in unclear:
        assert (await reveal(desk, address, **changes)).status_code == 422
    assert (await desk.post(f"{address}/reveal", json={"fields": ["nik"]})).status_code == 422


async def test_twenty_reveals_in_an_hour_are_enough_however_many_ask_at_once(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    address = await register_owner(desk)

    answers = [
        answer
        for _ in range(5)
        for answer in await asyncio.gather(*(reveal(desk, address) for _ in range(5)))
    ]

    assert sorted(answer.status_code for answer in answers) == [200] * 20 + [429] * 5
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert problem_of(refused) == (429, "/problems/too-many")
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert (await reveal(head, address)).status_code == 200
    assert (await desk.get(address)).status_code == 200
    kept = "SELECT FROM audit_entry WHERE decision = 'revealed' AND actor = 'test|batu'"
    assert len(await registry.rows("registry", kept)) == 20


async def test_a_person_sees_themself_and_who_saw_them(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address, other = await register_owner(desk, 1), await register_owner(desk, 2)
    await reveal(desk, address)
    person = await registry.client("registry", None)
    grants = [{"role": "owner", "scope": f"enterprise:{uuid4()}"}]
    own = registry.issuer.token("person", grants, id_of(address))
    person.headers["Authorization"] = f"Bearer {own}"

    assert (await person.get(address)).json()["name"] == SHOWN["name"]
    assert (await reveal(person, address, purpose="person")).json()["fields"]["nik"] == a_nik(1)
    seen = (await person.get(f"{address}/accesses")).json()["items"]
    assert [access["actor"] for access in seen] == ["test|batu", "test|person"]
    for path in (other, f"{other}/accesses"):
        assert (await person.get(path)).status_code == 404


async def test_whoever_is_erased_is_gone(desk: httpx.AsyncClient, head: httpx.AsyncClient) -> None:
    address = await register_owner(desk)

    refused = await desk.post(f"{address}/erase")
    erased = await head.post(f"{address}/erase")

    assert (refused.status_code, erased.status_code) == (403, 204)
    for answer in (
        await desk.get(address),
        await reveal(desk, address),
        await desk.patch(address, json={"name": "Bulan"}, headers={"If-Match": '"2"'}),
        await head.post(f"{address}/erase"),
        await head.get(f"{address}/accesses"),
    ):
        assert problem_of(answer) == (410, "/problems/erased")
    assert (await desk.post("/owners/search", json={"nik": a_nik(1)})).json() == {"items": []}


async def test_who_repeats_a_request_is_not_shown_a_person_who_was_erased_since(
    head: httpx.AsyncClient,
) -> None:
    key = a_key()
    made = await head.post("/owners", json=an_owner(1), headers=key)
    address = made.headers["location"].removeprefix("/api/registry/v1")
    await head.post(f"{address}/erase")

    again = await head.post("/owners", json=an_owner(1), headers=key)

    assert (made.status_code, again.status_code, again.content) == (201, 201, b"")
    assert again.headers["location"] == made.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"


async def test_each_change_of_a_person_is_in_the_trail_under_them(
    registry: Ecosystem, head: httpx.AsyncClient
) -> None:
    address = await register_owner(head)
    await head.patch(address, json={"name": "Bulan"}, headers={"If-Match": '"1"'})
    await head.post(f"{address}/erase")

    kept = "SELECT operation, unit FROM audit_entry WHERE subject_id = $1 ORDER BY id"
    entries = await registry.rows("registry", kept, id_of(address))

    assert [entry["operation"] for entry in entries] == [
        "register_owner",
        "change_owner",
        "erase_owner",
    ]
    assert {entry["unit"] for entry in entries} == {unit_id("35.79")}
