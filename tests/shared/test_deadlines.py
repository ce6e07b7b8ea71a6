"""What is due is done once, by the database's clock, and a failure puts off nothing but itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.deadlines import Deadlines, Take
from shared.streams.log import Tx
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

_CREATE = """
CREATE TABLE due (id int, due_at timestamptz NOT NULL);
CREATE TABLE done (id int, by text);
GRANT ALL ON due, done TO PUBLIC;
"""
_TAKE = sa.text("""
WITH next AS (
    SELECT ctid FROM due WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM due USING next WHERE due.ctid = next.ctid RETURNING id
)
INSERT INTO done SELECT id, :by FROM taken RETURNING id
""")
_DUE = """
INSERT INTO due SELECT n, now() + make_interval(secs => n)
FROM generate_series($1::int, $2::int) AS n
"""


async def _take(tx: Tx, by: str = "one") -> bool:
    return await tx.scalar(_TAKE, {"by": by}) is not None


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """A database in which things can be due."""
    for statement in _CREATE.strip().split(";\n"):
        await registry.rows("registry", statement)
    return registry.database("registry", "worker")


@asynccontextmanager
async def _at_work(database: Database, *takes: Take) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as working:
        for take in takes:
            working.create_task(Deadlines(database, take).run(stop))
        yield stop
        stop.set()


async def _done(registry: Ecosystem, count: int) -> list[int] | None:
    rows = await registry.rows("registry", "SELECT id FROM done ORDER BY ctid")
    return [row["id"] for row in rows] if len(rows) >= count else None


async def test_what_is_due_is_done_in_its_order_and_nothing_before_its_time(
    registry: Ecosystem, database: Database
) -> None:
    await registry.rows("registry", _DUE, -5, -1)
    await registry.rows("registry", _DUE, 3_600, 3_600)

    async with _at_work(database, _take):
        done = await eventually(partial(_done, registry, 5))

    assert done == [-5, -4, -3, -2, -1]
    assert len(await registry.rows("registry", "SELECT FROM due")) == 1


async def test_a_thing_becomes_due_while_the_worker_lives(
    registry: Ecosystem, database: Database
) -> None:
    async with _at_work(database, _take):
        await registry.rows("registry", _DUE, 1, 1)

        assert await eventually(partial(_done, registry, 1)) == [1]


async def test_two_workers_share_the_work_and_nothing_is_done_twice(
    registry: Ecosystem, database: Database
) -> None:
    await registry.rows("registry", _DUE, -200, -1)

    async with _at_work(database, partial(_take, by="one"), partial(_take, by="two")):
        done = await eventually(partial(_done, registry, 200))

    assert sorted(done) == list(range(-200, 0))
    workers = await registry.rows("registry", "SELECT DISTINCT by FROM done")
    assert len(workers) == 2


async def test_a_failure_undoes_its_own_thing_and_is_tried_again(
    registry: Ecosystem, database: Database
) -> None:
    await registry.rows("registry", _DUE, -1, -1)
    failures = [RuntimeError(), ConnectionError()]

    async def fail_twice(tx: Tx) -> bool:
        taken = await _take(tx)
        if taken and failures:
            raise failures.pop()
        return taken

    async with _at_work(database, fail_twice):
        assert await eventually(partial(_done, registry, 1)) == [-1]

    assert failures == []


async def test_the_wish_to_stop_ends_it_at_once(database: Database) -> None:
    async with asyncio.timeout(5), _at_work(database, _take) as stop:
        stop.set()
