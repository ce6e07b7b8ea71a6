"""What another service made a moment ago is waited for, a little, and never by too many."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest
from fastapi import APIRouter

from services.mentoring.copies import EnterpriseCopy
from shared.refusals import NotYetKnown
from shared.streams.references import heard_of, known
from shared.web.operations import Operation
from shared.web.service import create_service
from shared.web.transactions import Read
from tests.support.builders import open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.matrices import open_to_everyone
from tests.support.messages import ENTERPRISE, a_state, an_event

KEYS = [uuid5(ENTERPRISE, str(number)) for number in range(3)]

router = APIRouter(route_class=Operation)


@router.get("/referring/{enterprise_id}")
async def refer(enterprise_id: UUID, tx: Read) -> str:
    """Name an enterprise that mentoring may not have heard of."""
    found = await heard_of(tx, EnterpriseCopy, enterprise_id, pointer="/enterprise_id")
    return str(found["trade_name"])


@pytest.fixture
async def client(ecosystem: Ecosystem, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of mentoring that refers to enterprises."""
    matrix = open_to_everyone(tmp_path, "refer")
    app = create_service(ecosystem.settings("mentoring"), "Planted", [router], matrix)
    headers = {"Authorization": f"Bearer {ecosystem.issuer.token('operator')}"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        url = "http://test/api/mentoring/v1"
        async with httpx.AsyncClient(transport=transport, base_url=url, headers=headers) as made:
            yield made


async def _heard(ecosystem: Ecosystem, *states: dict[str, object]) -> None:
    async with ecosystem.database("mentoring", "worker").transaction() as tx:
        events = [an_event(a_state(**state), event_id=state["id"]) for state in states]
        await EnterpriseCopy.hear(tx, events)


async def test_what_was_registered_a_moment_ago_is_found(
    ecosystem: Ecosystem, client: httpx.AsyncClient
) -> None:
    await ecosystem.work("registry", "mentoring")
    await open_batu(ecosystem.database("registry"))

    for number in range(5):
        made = await register(ecosystem.database("registry"), trade_name=f"Warung {number}")
        answer = await _again_while_unknown(client, made.id)

        assert answer.json() == f"Warung {number}"


async def _again_while_unknown(client: httpx.AsyncClient, key: UUID) -> httpx.Response:
    """Ask as a client does who is told when to come again; the first time a group is slow."""
    answer = await client.get(f"/referring/{key}")
    for _ in range(20):
        if answer.status_code != 409:
            break
        assert answer.json()["type"] == "/problems/not-yet-known"
        answer = await client.get(f"/referring/{key}")
    return answer


async def test_what_is_heard_of_while_we_wait_is_found(
    ecosystem: Ecosystem, client: httpx.AsyncClient
) -> None:
    asked = asyncio.create_task(client.get(f"/referring/{KEYS[0]}"))
    await asyncio.sleep(0.3)
    assert not asked.done()

    await _heard(ecosystem, {"id": KEYS[0], "trade_name": "Kopi Arjuno"})

    assert (await asyncio.wait_for(asked, 2)).json() == "Kopi Arjuno"


async def test_who_waited_in_vain_is_told_to_come_again(client: httpx.AsyncClient) -> None:
    began = time.monotonic()

    answer = await client.get(f"/referring/{KEYS[0]}")

    assert 1.5 < time.monotonic() - began < 3
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-yet-known")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["errors"][0]["pointer"] == "/enterprise_id"
    assert str(KEYS[0]) not in answer.text


async def test_many_who_wait_do_not_keep_out_who_need_not(
    ecosystem: Ecosystem, client: httpx.AsyncClient
) -> None:
    await _heard(ecosystem, {"id": KEYS[1], "trade_name": "Kopi Arjuno"})

    waiting = [asyncio.create_task(client.get(f"/referring/{KEYS[0]}")) for _ in range(30)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    answer = await client.get(f"/referring/{KEYS[1]}")
    took = time.monotonic() - began
    answers = await asyncio.gather(*waiting)

    assert (answer.status_code, {a.status_code for a in answers}) == (200, {409})
    assert took < 1


async def test_an_id_that_was_merged_leads_to_its_successor(ecosystem: Ecosystem) -> None:
    await _heard(
        ecosystem,
        {"id": KEYS[0], "merged_into": KEYS[1]},
        {"id": KEYS[1], "merged_into": KEYS[2]},
        {"id": KEYS[2], "trade_name": "Kopi Arjuno"},
    )

    async with ecosystem.database("mentoring").reading() as tx:
        found = await heard_of(tx, EnterpriseCopy, KEYS[0])

    assert (found["id"], found["trade_name"]) == (KEYS[2], "Kopi Arjuno")


async def test_who_need_not_wait_is_told_at_once_what_is_unknown(ecosystem: Ecosystem) -> None:
    async with ecosystem.database("mentoring").reading() as tx:
        assert await known(tx, EnterpriseCopy, KEYS[0]) is None

        with pytest.raises(NotYetKnown):
            await heard_of(tx, EnterpriseCopy, KEYS[0])
