"""How fast a backlog leaves the log, against one bare `send()` per message."""

import asyncio
import time
from uuid import uuid4

import asyncpg

from shared.streams.relay import Relay
from tests.bench.figures import Figure
from tests.bench.kafka import bare_producer, create_topic
from tests.support.ecosystem import Ecosystem

_ROUNDS = 3
EVENTS = 30_000
_DEADLINE = 60.0

_FILL = """
INSERT INTO event_log (topic, key, epoch, seq, type, unit, data)
SELECT 'registry.enterprise.v1', id::text, 1, 1, 'id.sinergi.registry.enterprise.registered.v1',
       $2::uuid, json_build_object('id', id, 'kind', 'enterprise', 'trade_name',
       'Warung Nomor ' || n, 'unit_id', $2::uuid, 'village_code', '35.79.01.1001', 'kbli', '10794',
       'size_class', 'mikro', 'status', 'active', 'merged_into', null, 'owner_ids', '[]'::json)
FROM (SELECT uuidv7() AS id, n FROM generate_series(1, $1::int) AS n) AS rows
"""
_DRAINED = """
SELECT c.target IS NULL AND pg_visible_in_snapshot(
    (SELECT xid FROM event_log ORDER BY id DESC LIMIT 1), c.done)
FROM relay_cursor AS c
"""
_LAST = "SELECT key, data::text FROM event_log ORDER BY id DESC LIMIT $1"


async def fill(ecosystem: Ecosystem, count: int = EVENTS) -> None:
    """Put many events of new enterprises into the registry's log, as if they were registered."""
    await ecosystem.rows("registry", _FILL, count, uuid4())


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """Alternate; the relay's time runs from when it leads, the producer's from when it started."""
    topic = ecosystem.prefix + "drain"
    await create_topic(ecosystem.parts.kafka, topic)
    session = await asyncpg.connect(ecosystem.worker_urls["registry"])
    ours, bare = [], []
    for _ in range(_ROUNDS):
        await fill(ecosystem)
        ours.append(EVENTS / await drain(ecosystem, session))
        rows = await session.fetch(_LAST, EVENTS)
        bare.append(EVENTS / await _send_each(ecosystem.parts.kafka, topic, rows))
    await session.close()
    return [Figure("relay drain of 30,000 events", "events/s", ours, bare, ">= 1.2")]


async def drain(ecosystem: Ecosystem, session: "asyncpg.Connection[asyncpg.Record]") -> float:
    """Run a relay until nothing waits; return the seconds from when it led."""
    relay = Relay(
        ecosystem.worker_urls["registry"],
        ecosystem.parts.kafka,
        service="registry",
        prefix=ecosystem.prefix,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    async with asyncio.timeout(_DEADLINE):
        while not relay.leading:  # noqa: ASYNC110 (the relay tells nobody)
            await asyncio.sleep(0)
        started = time.perf_counter()
        while not await session.fetchval(_DRAINED):  # noqa: ASYNC110 (a table tells nobody)
            await asyncio.sleep(0.01)
    seconds = time.perf_counter() - started
    stop.set()
    await running
    return seconds


async def _send_each(kafka: str, topic: str, rows: list[asyncpg.Record]) -> float:
    messages = [(row["key"].encode(), row["data"].encode()) for row in rows]
    async with bare_producer(kafka) as producer:
        await producer.partitions_for(topic)
        started = time.perf_counter()
        sending = [await producer.send(topic, value, key=key) for key, value in messages]
        await asyncio.gather(*sending)
        return time.perf_counter() - started
