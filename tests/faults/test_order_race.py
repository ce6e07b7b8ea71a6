"""Many writers on few aggregates: only a snapshot is a safe cursor.

Three readers follow one log side by side. The two that are not ours must fail, for otherwise
there was no race and the test has proved nothing.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.registry.models import Enterprise
from shared.database import Database
from shared.events.registry import EnterpriseState, UnitState
from shared.streams.relay import Relay
from shared.web.idempotency import idempotency_key
from tests.faults.known_bad import BY_ID, BY_XMIN, Account, following
from tests.support.builders import open_batu, register_many
from tests.support.checkers import nothing_waits, topic_of
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

WRITERS = 16
AGGREGATES = 8
SECONDS = 5.0


async def test_only_the_snapshot_cursor_loses_nothing_and_keeps_the_order(
    ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.streams.relay.SLICE", 8)  # a snapshot then takes several slices
    url, database = ecosystem.urls["registry"], ecosystem.database("registry")
    await open_batu(database)
    hot = await register_many(database, AGGREGATES)

    async with _relaying(ecosystem), following(url, BY_ID) as by_id:
        async with following(url, BY_XMIN) as by_xmin:
            await _write_for_a_while(database, hot)
            committed = await _committed(ecosystem)
            await eventually(partial(_has_all, by_xmin, committed))
        await eventually(partial(nothing_waits, ecosystem))
    ours = await _heard_on_kafka(ecosystem)

    readers = {"ours": ours, "id > last": by_id, "xid < xmin": by_xmin}
    lost = {name: len(committed - reader.heard) for name, reader in readers.items()}
    out_of_order = {name: reader.out_of_order for name, reader in readers.items()}
    print(f"of {len(committed)} lost {lost}, out of order {out_of_order}")  # noqa: T201 (figures)
    assert lost["ours"] == out_of_order["ours"] == 0
    assert lost["id > last"] > 0
    assert out_of_order["xid < xmin"] > 0


async def _write_for_a_while(database: Database, hot: list[UUID]) -> None:
    async with asyncio.TaskGroup() as writers:
        for seed in range(WRITERS):
            writers.create_task(_write(database, hot, seed))


async def _write(database: Database, hot: list[UUID], seed: int) -> None:
    """Change hot enterprises; half of the times after another write, often slow to commit."""
    chance = random.Random(seed)  # noqa: S311 (a schedule, not a secret)
    loop = asyncio.get_running_loop()
    end, number = loop.time() + SECONDS, 0
    while loop.time() < end:
        number += 1
        async with database.transaction() as tx:
            if chance.random() < 0.5:
                key = {"client": f"{seed}", "operation": "race", "key": f"{number}"}
                await tx.execute(sa.insert(idempotency_key).values(**key, request=b"", status=200))
                await asyncio.sleep(chance.random() / 100)
            enterprise = await tx.get_one(Enterprise, chance.choice(hot), with_for_update=True)
            enterprise.rename(f"Warung {seed} kali {number}")
            tx.publish(enterprise, "renamed")
            if chance.random() < 0.25:
                await tx.write_events()
                await asyncio.sleep(chance.random() / 100)


@asynccontextmanager
async def _relaying(ecosystem: Ecosystem) -> AsyncIterator[None]:
    stop = asyncio.Event()
    url, kafka = ecosystem.worker_urls["registry"], ecosystem.parts.kafka
    relay = Relay(url, kafka, service="registry", prefix=ecosystem.prefix)
    task = asyncio.create_task(relay.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def _committed(ecosystem: Ecosystem) -> set[UUID]:
    rows = await ecosystem.rows("registry", "SELECT event_id FROM event_log")
    return {row["event_id"] for row in rows}


async def _has_all(reader: Account, committed: set[UUID]) -> bool:
    return committed <= reader.heard


async def _heard_on_kafka(ecosystem: Ecosystem) -> Account:
    ours = Account()
    for state in (UnitState, EnterpriseState):
        for event in await topic_of(ecosystem, state):
            ours.take(event.id, event.key, event.seq)
    return ours
