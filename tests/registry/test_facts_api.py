"""Identifiers and economics of an enterprise over HTTP."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.registry.register import items, make, owner_client, problem_of, register, step, verbs
from tests.support.builders import a_key
from tests.support.ecosystem import Ecosystem
from tests.support.owners import id_of, register_owner

NIB = {"kind": "nib", "value": "0220001234567"}


def a_snapshot(**changes: object) -> dict[str, Any]:
    """The body of a snapshot of a micro enterprise."""
    return {
        "as_of": "2026-10-31",
        "capital": 75_000_000,
        "annual_sales": 420_000_000,
        "workers_f": 3,
        "workers_m": 1,
        "source": "said",
        "new_business": False,
    } | changes


def day_in(zone: str) -> str:
    return datetime.now(ZoneInfo(zone)).date().isoformat()


async def test_a_number_is_noted_checked_and_taken_out(desk: httpx.AsyncClient) -> None:
    address = await register(desk)
    made = await make(desk, f"{address}/identifiers", NIB | {"issued_on": "2024-05-06"})
    place = f"{address}/identifiers/{made['id']}"

    verified = await desk.post(f"{place}/verify", json={"check_level": "verified"})
    listed = await items(desk, f"{address}/identifiers")
    removed = await desk.post(f"{place}/remove")

    assert (made["check_level"], made["checked_on"]) == ("format", None)
    assert verified.json()["check_level"] == "verified"
    assert verified.json()["checked_on"] == day_in("Asia/Jakarta")
    assert listed == [verified.json()]
    assert removed.status_code == 204
    assert await items(desk, f"{address}/identifiers") == []


async def test_no_two_enterprises_have_one_nib_and_nobody_learns_whose_it_is(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    first, second = await register(desk), await register(desk)
    await make(desk, f"{first}/identifiers", NIB)

    answer = await desk.post(f"{second}/identifiers", json=NIB, headers=a_key())

    assert problem_of(answer) == (409, "/problems/identifier-taken")
    assert first.rpartition("/")[2] not in answer.text
    assert NIB["value"] not in answer.text
    assert await registry.rows("registry", "SELECT 1 FROM identifier OFFSET 1") == []


async def test_an_enterprise_has_one_nib_and_any_number_of_certificates(
    desk: httpx.AsyncClient,
) -> None:
    address = await register(desk)
    await make(desk, f"{address}/identifiers", NIB)
    for number in ("ID3511000-1", "ID3511000-2"):
        await make(desk, f"{address}/identifiers", {"kind": "halal", "value": number})

    other = {"kind": "nib", "value": "0220001234568"}
    answer = await desk.post(f"{address}/identifiers", json=other, headers=a_key())

    assert answer.status_code == 409


BROKEN = [
    ({"kind": "nib", "value": "022000123456"}, "nib_shape"),
    ({"kind": "npwp", "value": "12"}, "npwp_shape"),
    ({"kind": "npwp", "value": "3579014505870001"}, "npwp_of_person"),
    ({"kind": "cooperative_number", "value": "A-1"}, "cooperative_number_shape"),
    ({"kind": "halal", "value": " "}, "text_missing"),
]


@pytest.mark.parametrize(("body", "code"), BROKEN, ids=[code for _, code in BROKEN])
async def test_a_number_that_its_kind_does_not_have_is_pointed_at(
    desk: httpx.AsyncClient, body: dict[str, str], code: str
) -> None:
    address = await register(desk)

    answer = await desk.post(f"{address}/identifiers", json=body, headers=a_key())

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/value", code)


async def test_the_newest_economics_decide_the_class(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk, size_class="mikro")
    grown = a_snapshot(annual_sales=2_000_000_001, capital=10_000_000_001)

    newest = await make(desk, f"{address}/snapshots", grown)
    await make(desk, f"{address}/snapshots", a_snapshot(as_of="2024-12-31"))

    assert (newest["size_class"], newest["decided_by"], newest["rule"]) == (
        "kecil",
        "sales",
        "pp7-2021",
    )
    assert (newest["class_by_capital"], newest["class_by_sales"]) == (None, "kecil")
    assert (await desk.get(address)).json()["size_class"] == "kecil"
    assert await verbs(registry, address) == ["registered", "reclassified"]
    listed = await items(desk, f"{address}/snapshots")
    assert [each["as_of"] for each in listed] == ["2024-12-31", "2026-10-31"]


async def test_a_large_enterprise_is_refused_and_nothing_of_it_kept(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk)
    large = a_snapshot(annual_sales=50_000_000_001)

    answer = await desk.post(f"{address}/snapshots", json=large, headers=a_key())

    assert problem_of(answer) == (422, "/problems/larger-than-medium")
    assert answer.json()["errors"][0]["pointer"] == "/annual_sales"
    assert await registry.rows("registry", "SELECT 1 FROM economic_snapshot") == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"as_of": "2199-01-01"}, "/as_of"),
        ({"capital": -1}, "/capital"),
        ({"annual_sales": 10**16}, "/annual_sales"),
        ({"workers_f": 1.5}, "/workers_f"),
        ({"source": "guessed"}, "/source"),
    ],
)
async def test_economics_that_cannot_be_are_pointed_at(
    desk: httpx.AsyncClient, changes: dict[str, object], pointer: str
) -> None:
    address = await register(desk)

    answer = await desk.post(f"{address}/snapshots", json=a_snapshot(**changes), headers=a_key())

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_what_is_noted_is_for_the_unit_and_the_owners(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    person = id_of(await register_owner(desk))
    address = await register(desk, owner_ids=[str(person)])
    await make(desk, f"{address}/identifiers", NIB)
    await make(desk, f"{address}/snapshots", a_snapshot())
    owner = await owner_client(registry, person)
    stranger = await owner_client(registry, UUID(int=uuid4().int))
    elsewhere = await registry.client("registry", "malang")

    for kind in ("identifiers", "snapshots"):
        assert len(await items(owner, f"{address}/{kind}")) == 1
        for client in (stranger, elsewhere):
            assert (await client.get(f"{address}/{kind}")).status_code == 404
        refused = await elsewhere.post(f"{address}/{kind}", json=NIB, headers=a_key())
        assert refused.status_code in {403, 422}


async def test_a_closed_enterprise_takes_nothing_more(desk: httpx.AsyncClient) -> None:
    address = await register(desk)
    await step(desk, address, "close")

    for kind, body in (("identifiers", NIB), ("snapshots", a_snapshot())):
        answer = await desk.post(f"{address}/{kind}", json=body, headers=a_key())

        assert problem_of(answer) == (409, "/problems/enterprise-closed")


async def test_of_many_who_note_one_nib_at_once_one_succeeds(desk: httpx.AsyncClient) -> None:
    addresses = [await register(desk, trade_name=f"Warung {uuid4()}") for _ in range(8)]

    answers = await asyncio.gather(
        *(desk.post(f"{each}/identifiers", json=NIB, headers=a_key()) for each in addresses)
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
