"""Writers who race for a few aggregates, so that ids and commits come in different orders."""

import asyncio
import random
from uuid import UUID

import sqlalchemy as sa

from services.registry.models import Enterprise
from shared.database import Database
from shared.web.idempotency import idempotency_key


async def write_for_a_while(
    database: Database, hot: list[UUID], writers: int, seconds: float
) -> None:
    """Let so many writers change these enterprises of the registry."""
    async with asyncio.TaskGroup() as group:
        for seed in range(writers):
            group.create_task(_write(database, hot, seed, seconds))


async def _write(database: Database, hot: list[UUID], seed: int, seconds: float) -> None:
    """Change hot enterprises; half of the times after another write, often slow to commit."""
    chance = random.Random(seed)  # noqa: S311 (a schedule, not a secret)
    loop = asyncio.get_running_loop()
    end, number = loop.time() + seconds, 0
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
