"""How fast a copy catches up, against a bare consumer with a batched upsert."""

import asyncio
import time
from typing import Any
from unittest.mock import patch

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from services.mentoring.copies import EnterpriseCopy
from shared.streams.reactions import Listener
from tests.bench.drain import EVENTS, drain, fill
from tests.bench.figures import Figure
from tests.support.ecosystem import Ecosystem

_ROUNDS = 3
_DEADLINE = 120.0

_COLUMNS = ("id", "trade_name", "kind", "unit_id", "village_code", "kbli", "size_class", "status")
_UPSERT = """
INSERT INTO bare_copy SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[],
    $5::text[], $6::text[], $7::text[], $8::text[])
ON CONFLICT (id) DO UPDATE SET trade_name = excluded.trade_name, kind = excluded.kind,
    unit_id = excluded.unit_id, village_code = excluded.village_code, kbli = excluded.kbli,
    size_class = excluded.size_class, status = excluded.status
"""
_CREATE = """
CREATE TABLE IF NOT EXISTS bare_copy (id uuid PRIMARY KEY, trade_name text, kind text,
    unit_id uuid, village_code text, kbli text, size_class text, status text)
"""


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """Each round reads the same topic from its beginning into an empty table."""
    session = await asyncpg.connect(ecosystem.worker_urls["registry"])
    await fill(ecosystem)
    await drain(ecosystem, session)
    await session.close()
    ours, careless, bare = [], [], []
    for number in range(_ROUNDS):
        ours.append(EVENTS / await _listen(ecosystem, f"copy-{number}"))
        with patch("shared.streams.hearing.parked_keys", _nothing_is_parked):
            careless.append(EVENTS / await _listen(ecosystem, f"careless-{number}"))
        bare.append(EVENTS / await _consume(ecosystem, f"bare-{number}"))
    return [
        Figure("copy of 30,000 events", "events/s", ours, bare, ">= 0.7"),
        Figure("the same, bare: never asks what is parked", "events/s", ours, careless, ">= 0.95"),
    ]


async def _nothing_is_parked(*_asked: object) -> set[str]:
    return set()


async def _listen(ecosystem: Ecosystem, group: str) -> float:
    await ecosystem.rows("mentoring", "TRUNCATE enterprise_copy")
    listener = Listener(
        ecosystem.database("mentoring", "worker"),
        ecosystem.parts.kafka,
        group=group,
        copies=[EnterpriseCopy],
        prefix=ecosystem.prefix,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(listener.run(stop))
    seconds = await _seconds_to_fill(ecosystem, "enterprise_copy")
    stop.set()
    await running
    return seconds


async def _consume(ecosystem: Ecosystem, group: str) -> float:
    await ecosystem.rows("mentoring", _CREATE)
    await ecosystem.rows("mentoring", "TRUNCATE bare_copy")
    running = asyncio.create_task(_consume_for_ever(ecosystem, group))
    seconds = await _seconds_to_fill(ecosystem, "bare_copy")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return seconds


async def _consume_for_ever(ecosystem: Ecosystem, group: str) -> None:
    session = await asyncpg.connect(ecosystem.superuser_url("mentoring"))
    consumer = AIOKafkaConsumer(
        ecosystem.prefix + "registry.enterprise.v1",
        bootstrap_servers=ecosystem.parts.kafka,
        group_id=ecosystem.prefix + group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        while True:
            for records in (await consumer.getmany(timeout_ms=200, max_records=1000)).values():
                states = [orjson.loads(record.value) for record in records]
                await session.execute(_UPSERT, *_columns(states))
            await consumer.commit()
    finally:
        await consumer.stop()
        await session.close()


def _columns(states: list[dict[str, Any]]) -> list[list[Any]]:
    return [[state[name] for state in states] for name in _COLUMNS]


async def _seconds_to_fill(ecosystem: Ecosystem, table: str) -> float:
    """The seconds from the first row to the last, so that joining the group does not count."""
    session = await asyncpg.connect(ecosystem.superuser_url("mentoring"))
    first, count = 0.0, 0
    async with asyncio.timeout(_DEADLINE):
        while count < EVENTS:
            count = await session.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 (ours)
            first = first or (time.perf_counter() if count else 0.0)
            await asyncio.sleep(0.005)
    await session.close()
    return time.perf_counter() - first
