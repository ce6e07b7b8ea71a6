"""Whoever serves an enterprise reads its owners, and nobody does who serves none of theirs."""

import httpx
import pytest

from services.registry.ids import unit_id
from tests.registry.register import id_of, register, step
from tests.support.builders import MALANG, a_key
from tests.support.ecosystem import Ecosystem
from tests.support.owners import an_owner, register_owner, reveal
from tests.support.row_security import queries_without_scope, without_row_security
from tests.support.vaults import a_nik

TO_MALANG = {"unit_id": str(unit_id(MALANG))}


@pytest.fixture
async def malang(registry: Ecosystem, desk: httpx.AsyncClient) -> httpx.AsyncClient:  # noqa: ARG001
    """The client of a desk officer of Malang, once the units are open."""
    return await registry.client("registry", "malang")


async def _give_away(desk: httpx.AsyncClient, *enterprises: str) -> None:
    for address in enterprises:
        given = await step(desk, address, "transfer", TO_MALANG)
        assert given.status_code == 200, given.text


async def _read_by(owner: str, *clients: httpx.AsyncClient) -> list[int]:
    return [(await client.get(owner)).status_code for client in clients]


async def test_an_owner_goes_with_what_is_handed_over(
    desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    address = await register(desk, owner_ids=[id_of(owner)])

    await _give_away(desk, address)

    assert await _read_by(owner, desk, malang) == [404, 200]
    assert (await malang.get(owner)).headers["etag"] == '"2"'
    assert (await malang.get(owner)).json()["unit_id"] == TO_MALANG["unit_id"]
    found = [
        (await client.post("/owners/search", json={"nik": a_nik(1)})).json()["items"]
        for client in (desk, malang)
    ]
    assert [len(items) for items in found] == [0, 1]
    assert [(await reveal(client, owner)).status_code for client in (desk, malang)] == [404, 200]
    changed = {"name": "Wulan Lestari"}
    answer = await malang.patch(owner, json=changed, headers={"If-Match": '"2"'})
    assert answer.status_code == 200
    # Whoever comes back to the old unit is registered there again.
    assert (await desk.post("/owners", json=an_owner(1), headers=a_key())).status_code == 201


async def test_an_owner_is_read_by_each_unit_that_serves_one_of_theirs(
    registry: Ecosystem, desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    ours, theirs = [await register(desk, owner_ids=[id_of(owner)]) for _ in range(2)]
    owned = {"unit_id": TO_MALANG["unit_id"], "owner_ids": [id_of(owner)]}

    await _give_away(desk, theirs)

    with queries_without_scope():
        assert await _read_by(owner, desk, malang) == [200, 200]
    async with without_row_security(registry, "registry"):
        assert await _read_by(owner, desk, malang) == [200, 200]
    for client in (desk, malang):
        answer = await client.post("/owners/search", json={"phone": an_owner(1)["phone"]})
        assert len(answer.json()["items"]) == 1
    await register(malang, **owned)

    await _give_away(desk, ours)

    with queries_without_scope():
        assert await _read_by(owner, desk, malang) == [404, 200]
    async with without_row_security(registry, "registry"):
        assert await _read_by(owner, desk, malang) == [404, 200]


async def test_a_unit_that_serves_a_person_changes_reveals_and_erases_them(
    registry: Ecosystem, desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    _, theirs = [await register(desk, owner_ids=[id_of(owner)]) for _ in range(2)]
    await _give_away(desk, theirs)
    ministry = await registry.client("registry", "ministry")
    await step(ministry, theirs, "transfer", TO_MALANG)

    changed = await malang.patch(owner, json={"phone": "081300000001"}, headers={"If-Match": '"1"'})
    revealed = await reveal(malang, owner)
    erased = await ministry.post(f"{owner}/erase")

    assert [each.status_code for each in (changed, revealed, erased)] == [200, 200, 204]
    assert (await malang.get(theirs)).json()["owner_ids"] == []


async def test_a_person_whom_both_units_know_is_found_once_by_their_number(
    desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    known = await register_owner(malang, unit_id=TO_MALANG["unit_id"])
    address = await register(desk, owner_ids=[id_of(owner)])

    await _give_away(desk, address)

    found = (await malang.post("/owners/search", json={"nik": a_nik(1)})).json()["items"]
    assert [each["id"] for each in found] == [id_of(known)]
    assert await _read_by(owner, desk, malang) == [404, 200]


async def test_an_owner_goes_where_they_own_what_is_left_to_them(
    desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    ours, theirs = [await register(desk, owner_ids=[id_of(owner)]) for _ in range(2)]
    await _give_away(desk, theirs)

    await desk.patch(ours, json={"owner_ids": []}, headers={"If-Match": '"1"'})

    assert await _read_by(owner, desk, malang) == [404, 200]


async def test_owners_go_where_what_they_own_is_merged_and_come_back(
    registry: Ecosystem, desk: httpx.AsyncClient, malang: httpx.AsyncClient
) -> None:
    owner = await register_owner(desk)
    ours = await register(desk, owner_ids=[id_of(owner)])
    theirs = await register(malang, unit_id=TO_MALANG["unit_id"])
    ministry = await registry.client("registry", "ministry")

    await step(ministry, ours, "merge", {"into": id_of(theirs)})
    merged = await _read_by(owner, desk, malang)
    await step(ministry, ours, "unmerge")

    assert (merged, await _read_by(owner, desk, malang)) == ([404, 200], [200, 404])
