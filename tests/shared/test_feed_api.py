"""The feed tells a topic from its beginning and waits for more; a stream, one aggregate's past."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.registry.models import Enterprise
from shared.database import Database
from shared.events import EnterpriseState, UnitState
from shared.streams.codec import from_binary
from tests.support.builders import open_batu, register, register_many
from tests.support.ecosystem import Ecosystem

FEED = f"/streams/{EnterpriseState.topic}"
BATCH = "application/cloudevents-batch+json"


async def _rename(database: Database, enterprise: Enterprise, name: str) -> None:
    async with database.transaction() as tx:
        found = await tx.get_one(Enterprise, enterprise.id)
        found.rename(name)
        tx.publish(found, "renamed")


def _next(answer: httpx.Response) -> str:
    return answer.links["next"]["url"].removeprefix("/api/registry/v1")


async def test_a_topic_is_told_in_order_and_read_on_by_its_link(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    keys = await register_many(database, 5)
    client = await registry.client("registry")

    first = await client.get(f"{FEED}?limit=3")
    second = await client.get(_next(first))
    third = await client.get(_next(second))
    await register(database, trade_name="Warung Terakhir")
    fourth = await client.get(_next(third))

    told = [event["subject"] for answer in (first, second) for event in answer.json()]
    assert told == [str(key) for key in keys]
    assert third.json() == []
    assert [event["data"]["trade_name"] for event in fourth.json()] == ["Warung Terakhir"]
    assert first.headers["content-type"] == BATCH


async def test_an_event_is_what_a_subscriber_of_kafka_reads(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    enterprise = await register(database)
    client = await registry.client("registry")

    [told] = (await client.get(FEED)).json()
    event = from_binary(EnterpriseState, None, httpx.Response(200, json=told).content, _STRUCTURED)

    assert event.data == enterprise.state()
    assert (event.epoch, event.seq, told["sequence"], told["epoch"]) == (1, 1, "1", 1)
    assert told["datacontenttype"] == "application/json"
    assert not {name for name in told if "actor" in name}


_STRUCTURED = [("content-type", b"application/cloudevents+json")]


async def test_whoever_waits_is_answered_when_something_is_said(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    client = await registry.client("registry")
    following = _next(await client.get(FEED)).replace("wait=0", "wait=20")
    loop = asyncio.get_running_loop()
    begun = loop.time()

    waiting = asyncio.create_task(client.get(following))
    await asyncio.sleep(0.3)  # long enough to be waiting, as a client would
    assert not waiting.done()
    await register(database, trade_name="Warung Baru")
    answer = await asyncio.wait_for(waiting, 10)

    assert [event["data"]["trade_name"] for event in answer.json()] == ["Warung Baru"]
    assert loop.time() - begun < 5


async def test_a_wait_without_news_ends_with_nothing_and_the_same_place(
    registry: Ecosystem,
) -> None:
    client = await registry.client("registry")

    answer = await client.get(f"{FEED}?wait=1")

    assert (answer.status_code, answer.json()) == (200, [])
    assert "wait=1" in _next(answer)


async def test_a_stream_is_the_whole_past_of_one_aggregate(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    enterprise, other = await register(database), await register(database, trade_name="Lain")
    for number in range(3):
        await _rename(database, enterprise, f"Nama {number}")
    client = await registry.client("registry")

    first = await client.get(f"{FEED}/{enterprise.id}?limit=3")
    second = await client.get(_next(first))
    third = await client.get(_next(second))

    told = [*first.json(), *second.json()]
    assert [event["sequence"] for event in told] == ["1", "2", "3", "4"]
    assert {event["subject"] for event in told} == {str(enterprise.id)} != {str(other.id)}
    assert third.json() == []
    assert _next(third) == _next(second)


async def test_a_log_that_was_restored_is_told_from_its_beginning(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    client = await registry.client("registry")
    first = await client.get(f"/streams/{UnitState.topic}")
    await registry.rows("registry", "UPDATE log_epoch SET epoch = 2")

    again = await client.get(_next(first))

    assert again.json() == first.json() != []


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (f"{FEED}?after=x", 400, "malformed"),
        (f"{FEED}?after=W10", 400, "malformed"),
        (f"{FEED}/{UUID(int=7)}?after=1.x", 400, "malformed"),
        (f"{FEED}?wait=31", 422, "invalid"),
        (f"{FEED}?limit=0", 422, "invalid"),
        ("/streams/mentoring.case.v1", 404, "not-found"),
        (f"{FEED}/{UUID(int=7)}", 404, "not-found"),
    ],
)
async def test_what_cannot_be_told_is_a_problem(
    registry: Ecosystem, path: str, status: int, kind: str
) -> None:
    client = await registry.client("registry")

    answer = await client.get(path)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


async def test_a_client_may_call_the_answer_json(registry: Ecosystem) -> None:
    client = await registry.client("registry")
    wishes: dict[str, Any] = {"Accept": "application/json"}

    answer = await client.get(FEED, headers=wishes)

    assert answer.headers["content-type"] == "application/json"
