"""Many writers on few aggregates: only a snapshot is a safe cursor.

Three readers follow one log side by side. The two that are not ours must fail, for otherwise
there was no race and the test has proved nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

import pytest

from shared.events.registry import EnterpriseState, UnitState
from shared.streams.relay import Relay
from tests.faults.known_bad import BY_ID, BY_XMIN, Account, following
from tests.faults.writers import write_for_a_while
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
            await write_for_a_while(database, hot, WRITERS, SECONDS)
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
