"""The newest economics decide the class, also when two days are noted at once."""

import asyncio
from functools import partial
from uuid import UUID

import httpx

from services.registry import queries
from tests.registry.register import id_of, make, register
from tests.registry.test_facts_api import a_snapshot
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.lock_waits import as_many_wait


async def test_an_older_day_that_is_noted_at_once_with_a_newer_one_decides_nothing(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    address = await register(desk, size_class="mikro")
    newer = a_snapshot()
    older = a_snapshot(as_of="2024-12-31", annual_sales=2_000_000_001, capital=10_000_000_001)

    async with registry.database("registry").transaction(registry.actor) as tx:
        await queries.held(tx, UUID(id_of(address)))
        async with asyncio.TaskGroup() as both:
            for number, body in enumerate((newer, older), start=1):
                both.create_task(make(desk, f"{address}/snapshots", body))
                await eventually(partial(as_many_wait, registry, "registry", number))
            await tx.commit()

    assert (await desk.get(address)).json()["size_class"] == "mikro"
