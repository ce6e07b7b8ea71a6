"""Many writers on few aggregates, and a reader of the feed: nothing lost, each key in its order."""

import asyncio
from uuid import UUID

import httpx

from shared.events import EnterpriseState
from tests.faults.known_bad import Account
from tests.faults.writers import write_for_a_while
from tests.support.builders import open_batu, register_many
from tests.support.ecosystem import Ecosystem

WRITERS = 8
AGGREGATES = 4
SECONDS = 2.0
_COMMITTED = "SELECT event_id FROM event_log WHERE topic = $1"


async def test_the_feed_loses_nothing_and_keeps_the_order_of_each_key(registry: Ecosystem) -> None:
    database = registry.database("registry")
    await open_batu(database)
    hot = await register_many(database, AGGREGATES)
    client = await registry.client("registry")
    over, account = asyncio.Event(), Account()

    reading = asyncio.create_task(_read(client, account, over))
    await write_for_a_while(database, hot, WRITERS, SECONDS)
    over.set()
    await asyncio.wait_for(reading, 20)

    rows = await registry.rows("registry", _COMMITTED, EnterpriseState.topic)
    committed = {row["event_id"] for row in rows}
    assert len(committed) > AGGREGATES * 10
    assert account.heard == committed
    assert account.out_of_order == 0


async def _read(client: httpx.AsyncClient, account: Account, over: asyncio.Event) -> None:
    """Follow the links; seven events a page, so that a snapshot takes several."""
    path = f"/streams/{EnterpriseState.topic}?wait=1&limit=7"
    told = None
    while told != [] or not over.is_set():
        ended = over.is_set()
        answer = await client.get(path)
        told = answer.json()
        for event in told:
            account.take(UUID(event["id"]), event["subject"], int(event["sequence"]))
        path = answer.links["next"]["url"].removeprefix("/api/registry/v1")
        if ended and not told:
            return
