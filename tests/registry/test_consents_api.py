"""What an owner allows is recorded at the desk, and taken back by either."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.registry.register import items, make, owner_client, problem_of, register, step, verbs
from tests.support.builders import a_key
from tests.support.ecosystem import Ecosystem
from tests.support.owners import id_of, register_owner


def a_consent(**changes: object) -> dict[str, Any]:
    """The body of a consent."""
    return {
        "recipient_id": str(uuid4()),
        "purpose": "financing",
        "fields": ["trade_name", "owner_phone"],
        "until": "2190-06-30T23:59:59+07:00",
        "text_version": "2026-1",
        "channel": "paper",
    } | changes


async def test_a_consent_is_recorded_and_withdrawn_once(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk)
    made = await make(desk, f"{address}/consents", a_consent())
    place = f"/consents/{made['id']}"

    withdrawn = await step(desk, place, "withdraw")
    again = await step(desk, place, "withdraw")

    assert (made["status"], made["actions"]) == ("granted", ["withdraw_consent"])
    assert (withdrawn.json()["status"], withdrawn.json()["actions"]) == ("withdrawn", [])
    assert problem_of(again) == (409, "/problems/consent-withdrawn")
    assert await verbs(registry, place) == ["granted", "withdrawn"]


async def test_an_owner_reads_and_withdraws_their_own_and_grants_at_the_desk(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    person = id_of(await register_owner(desk))
    address = await register(desk, owner_ids=[str(person)])
    made = await make(desk, f"{address}/consents", a_consent())
    owner, stranger = await owner_client(registry, person), await owner_client(registry, uuid4())
    place = f"/consents/{made['id']}"

    granted = await owner.post(f"{address}/consents", json=a_consent(), headers=a_key())
    foreign = await step(stranger, place, "withdraw")
    own = await items(owner, "/consents")
    withdrawn = await step(owner, place, "withdraw")

    assert (granted.status_code, foreign.status_code) == (403, 404)
    assert [each["id"] for each in own] == [made["id"]]
    assert await items(stranger, "/consents") == []
    assert withdrawn.status_code == 200


async def test_a_consent_follows_its_enterprise_to_another_unit(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk)
    made = await make(desk, f"{address}/consents", a_consent())
    elsewhere = await registry.client("registry", "malang")
    unit = (await items(elsewhere, "/units", region="35.73"))[0]["id"]
    place = f"/consents/{made['id']}"
    before = (await elsewhere.get(place)).status_code

    await step(desk, address, "transfer", {"unit_id": unit})

    assert (before, (await elsewhere.get(place)).status_code) == (404, 200)
    assert (await step(desk, place, "withdraw")).status_code == 404
    assert (await step(elsewhere, place, "withdraw")).status_code == 200


async def test_consents_are_found_by_recipient_and_status(desk: httpx.AsyncClient) -> None:
    address, body = await register(desk), a_consent()
    one = await make(desk, f"{address}/consents", body)
    other = await make(desk, f"{address}/consents", a_consent())
    await step(desk, f"/consents/{other['id']}", "withdraw")

    by_recipient = await items(desk, "/consents", recipient_id=body["recipient_id"])
    living = await items(desk, "/consents", status="granted", enterprise_id=one["enterprise_id"])

    assert by_recipient == living == [one]


async def test_with_its_last_owner_the_consents_of_an_enterprise_end(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    wulan, bayu = [id_of(await register_owner(desk, n)) for n in (1, 2)]
    alone = await register(desk, owner_ids=[str(wulan)])
    shared = await register(desk, owner_ids=[str(wulan), str(bayu)])
    own, common = [await make(desk, f"{each}/consents", a_consent()) for each in (alone, shared)]

    erased = await head.post(f"/owners/{wulan}/erase")

    assert erased.status_code == 204
    assert (await desk.get(f"/consents/{own['id']}")).json()["status"] == "withdrawn"
    assert await verbs(registry, f"/consents/{own['id']}") == ["granted", "withdrawn"]
    assert await items(desk, "/consents", status="granted") == [common]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"until": "2020-01-01T00:00:00Z"}, "/until"),
        ({"until": "2190-01-01T00:00:00"}, "/until"),
        ({"fields": []}, "/fields"),
        ({"fields": ["nik"]}, "/fields/0"),
        ({"purpose": "anything"}, "/purpose"),
        ({"text_version": ""}, "/text_version"),
    ],
)
async def test_a_consent_that_allows_nothing_clear_is_pointed_at(
    desk: httpx.AsyncClient, changes: dict[str, object], pointer: str
) -> None:
    address = await register(desk)

    answer = await desk.post(f"{address}/consents", json=a_consent(**changes), headers=a_key())

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
