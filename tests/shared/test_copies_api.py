"""Every service that keeps a copy serves it read-only, and a merged id leads to its successor."""

from typing import Any
from uuid import uuid5

import pytest

from services.facilities import copies as facilities
from services.mentoring import copies as mentoring
from services.partners import copies as partners
from services.registry.ids import unit_id
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE, a_state, an_event

COPIES = {
    "mentoring": mentoring.EnterpriseCopy,
    "partners": partners.EnterpriseCopy,
    "facilities": facilities.EnterpriseCopy,
}
KEYS = [uuid5(ENTERPRISE, str(number)) for number in range(4)]


async def _heard(ecosystem: Ecosystem, service: str) -> None:
    """Two enterprises that were merged into a third, and one of another unit."""
    states = [
        a_state(id=KEYS[0], merged_into=KEYS[1]),
        a_state(id=KEYS[1], merged_into=KEYS[2]),
        a_state(id=KEYS[2], trade_name="Koperasi Susu", kind="cooperative"),
        a_state(id=KEYS[3], unit_id=unit_id("35.73")),
    ]
    events = [an_event(state, seq=9, event_id=state.id) for state in states]
    async with ecosystem.database(service, "worker").transaction() as tx:
        await COPIES[service].hear(tx, events)


@pytest.mark.parametrize("service", COPIES)
async def test_a_service_shows_what_it_heard_to_whoever_is_signed_in(
    ecosystem: Ecosystem, service: str
) -> None:
    await _heard(ecosystem, service)
    client = await ecosystem.client(service, "evaluator")
    stranger = await ecosystem.client(service, None)

    read = await client.get(f"/enterprises/{KEYS[2]}")
    merged = await client.get(f"/enterprises/{KEYS[0]}")
    listed: list[dict[str, Any]] = (await client.get("/enterprises")).json()["items"]
    batu = await client.get("/enterprises", params={"unit_id": str(unit_id(BATU))})
    unknown = await client.get(f"/enterprises/{ENTERPRISE}")

    assert read.json()["trade_name"] == "Koperasi Susu"
    assert read.headers["etag"] == '"9"'
    assert merged.json() == read.json()
    assert [item["id"] for item in listed] == sorted(map(str, KEYS))
    assert str(KEYS[3]) not in {item["id"] for item in batu.json()["items"]}
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    assert (await stranger.get("/enterprises")).status_code == 401
    assert (await client.delete(f"/enterprises/{KEYS[2]}")).status_code == 405


async def test_ids_that_were_merged_in_a_circle_end_in_an_answer(ecosystem: Ecosystem) -> None:
    circle = [
        a_state(id=KEYS[0], merged_into=KEYS[1]),
        a_state(id=KEYS[1], merged_into=KEYS[0]),
    ]
    async with ecosystem.database("mentoring", "worker").transaction() as tx:
        await mentoring.EnterpriseCopy.hear(tx, [an_event(s, event_id=s.id) for s in circle])
    client = await ecosystem.client("mentoring")

    answer = await client.get(f"/enterprises/{KEYS[0]}")

    assert answer.status_code < 500
