"""What is due is done once, by the database's clock, and a failure puts off nothing but itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.deadlines import Deadline, Deadlines
from shared.streams.log import Tx
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

_CREATE = """
CREATE TABLE due (id uuid DEFAULT gen_random_uuid(), n int, kind text, due_at timestamptz NOT NULL);
CREATE TABLE done (n int, by text);
GRANT ALL ON due, done TO PUBLIC;
"""
_FIRST = sa.text("""
SELECT id, n FROM due WHERE due_at <= now() AND kind = :kind AND id != ALL (:resting)
ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
""").bindparams(sa.bindparam("resting", type_=sa.ARRAY(sa.Uuid)))
_DO = sa.text("""
WITH taken AS (DELETE FROM due WHERE id = :id RETURNING n) INSERT INTO done SELECT n, :by FROM taken
""")
_DUE = """
INSERT INTO due (n, kind, due_at) SELECT n, $3, now() + make_interval(secs => n)
FROM generate_series($1::int, $2::int) AS n
"""


class Row(NamedTuple):
    """Something that is due."""

    id: UUID
    n: int


Act = Callable[[Tx, Row], Awaitable[None]]


async def _first(kind: str, tx: Tx, resting: Collection[UUID]) -> Row | None:
    found = (await tx.execute(_FIRST, {"kind": kind, "resting": list(resting)})).one_or_none()
    return Row(*found) if found else None


async def _do(tx: Tx, row: Row, by: str = "one") -> None:
    await tx.execute(_DO, {"id": row.id, "by": by})


def _deadline(act: Act = _do, kind: str = "plain") -> Deadline[Row]:
    return Deadline(kind, partial(_first, kind), act)


async def _becomes_due(registry: Ecosystem, first: int, last: int, kind: str = "plain") -> None:
    await registry.rows("registry", _DUE, first, last, kind)


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """A database in which things can be due."""
    for statement in _CREATE.strip().split(";\n"):
        await registry.rows("registry", statement)
    return registry.database("registry", "worker")


@asynccontextmanager
async def _at_work(database: Database, *workers: list[Deadline[Row]]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as working:
        for deadlines in workers:
            working.create_task(Deadlines(database, "registry", deadlines).run(stop))
        yield
        stop.set()


async def _done(registry: Ecosystem, count: int) -> list[int] | None:
    rows = await registry.rows("registry", "SELECT n FROM done ORDER BY ctid")
    return [row["n"] for row in rows] if len(rows) >= count else None


async def test_what_is_due_is_done_in_its_order_and_nothing_before_its_time(
    registry: Ecosystem, database: Database
) -> None:
    await _becomes_due(registry, -5, -1)
    await _becomes_due(registry, 3_600, 3_600)

    async with _at_work(database, [_deadline()]):
        done = await eventually(partial(_done, registry, 5))

    assert done == [-5, -4, -3, -2, -1]
    assert len(await registry.rows("registry", "SELECT FROM due")) == 1


async def test_a_thing_becomes_due_while_the_worker_lives(
    registry: Ecosystem, database: Database
) -> None:
    async with _at_work(database, [_deadline()]):
        await _becomes_due(registry, 1, 1)

        assert await eventually(partial(_done, registry, 1)) == [1]


async def test_two_workers_share_the_work_and_nothing_is_done_twice(
    registry: Ecosystem, database: Database
) -> None:
    await _becomes_due(registry, -200, -1)

    one, two = ([_deadline(partial(_do, by=name))] for name in ("one", "two"))
    async with _at_work(database, one, two):
        done = await eventually(partial(_done, registry, 200))

    assert done is not None
    assert sorted(done) == list(range(-200, 0))
    workers = await registry.rows("registry", "SELECT DISTINCT by FROM done")
    assert len(workers) == 2


async def test_what_fails_holds_up_neither_its_like_nor_another_kind(
    registry: Ecosystem, database: Database
) -> None:
    async def fail_on_old(tx: Tx, row: Row) -> None:
        await _do(tx, row)
        if row.n < -9:
            raise RuntimeError

    await _becomes_due(registry, -19, -10)
    await _becomes_due(registry, -2, -1)
    await _becomes_due(registry, -1, -1, "other")

    async with _at_work(database, [_deadline(fail_on_old), _deadline(kind="other")]):
        done = await eventually(partial(_done, registry, 3))

    assert done == [-2, -1, -1]
    assert len(await registry.rows("registry", "SELECT FROM due")) == 10


async def test_what_failed_is_tried_again_after_a_rest(
    registry: Ecosystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.deadlines.REST", 0.2)
    failures: list[Exception] = [RuntimeError(), ConnectionError(), RuntimeError()]

    async def fail_at_first(tx: Tx, row: Row) -> None:
        await _do(tx, row)
        if failures:
            raise failures.pop()

    await _becomes_due(registry, -1, -1)

    async with _at_work(database, [_deadline(fail_at_first)]):
        assert await eventually(partial(_done, registry, 1)) == [-1]

    assert failures == []


async def test_an_outage_is_nobodys_fault_and_puts_nothing_to_rest(
    registry: Ecosystem, database: Database
) -> None:
    async def fail(_: Tx, __: Row) -> None:
        raise ConnectionError

    await _becomes_due(registry, -1, -1)
    acts: list[Act] = [fail, _do]
    first = partial(_first, "plain")

    async def act(tx: Tx, row: Row) -> None:
        await acts.pop(0)(tx, row)

    deadlines = Deadlines(database, "registry", [Deadline("plain", first, act)])
    with pytest.raises(ConnectionError):
        await deadlines.take()

    assert await deadlines.take()
    assert await _done(registry, 1) == [-1]


async def test_the_wish_to_stop_ends_it_at_once(database: Database) -> None:
    async with asyncio.timeout(5), _at_work(database, [_deadline()]):
        pass
