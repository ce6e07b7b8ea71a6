"""Every entry comes into one block and no other, however late it was committed, whoever seals."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.testing import capture_logs

from shared.audit import sealer as sealer_module
from shared.audit.entry import record
from shared.audit.sealer import Broken, Sealer
from shared.database import Database
from tests.support.audit import a_sealer, an_entry, announce, tamper, verdict, write
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

_WRITERS = 12
_SECONDS = 3.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer_module, "EVERY", 0.02)


@asynccontextmanager
async def sealing(*sealers: Sealer) -> AsyncIterator[None]:
    """Sealers at work until the block ends."""
    stop = asyncio.Event()
    running = [asyncio.create_task(sealer.run(stop)) for sealer in sealers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*running), 20)


async def _blocks(registry: Ecosystem) -> list[Any]:
    return await registry.rows("registry", "SELECT * FROM audit_block ORDER BY number")


async def _all_sealed(registry: Ecosystem) -> bool:
    [counts] = await registry.rows(
        "registry",
        "SELECT (SELECT count(*) FROM audit_entry) AS written, "
        "(SELECT coalesce(sum(cardinality(entries)), 0) FROM audit_block) AS sealed",
    )
    return bool(counts["written"] == counts["sealed"])


async def _in_one_block_each(registry: Ecosystem) -> bool:
    """Whether the blocks hold the entries that there are, each once and in the order of ids."""
    written = {row["id"] for row in await registry.rows("registry", "SELECT id FROM audit_entry")}
    blocks = [block["entries"] for block in await _blocks(registry)]
    sealed = Counter(entry for block in blocks for entry in block)
    in_order = all(block == sorted(block) for block in blocks)
    return in_order and sealed == Counter(written)


async def _write_for_a_while(database: Database, seed: int) -> None:
    """Write entries, many of them long before the commit, some never committed."""
    chance = random.Random(seed)  # noqa: S311 (a schedule, not a secret)
    loop = asyncio.get_running_loop()
    end = loop.time() + _SECONDS
    while loop.time() < end:
        with suppress(ZeroDivisionError):
            async with database.transaction() as tx:
                await record(tx, an_entry(f"operation_{seed}"))
                await asyncio.sleep(chance.choice((0, 0, 0.005, 0.1, 0.4)))
                1 / chance.randrange(10)  # one in ten fails


async def test_late_commits_of_many_writers_are_each_in_one_block(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer_module, "SLICE", 5)  # a snapshot then takes several blocks
    database = registry.database("registry")

    async with sealing(a_sealer(registry)):
        async with asyncio.TaskGroup() as writers:
            for seed in range(_WRITERS):
                writers.create_task(_write_for_a_while(database, seed))
        await eventually(partial(_all_sealed, registry))

    assert await _in_one_block_each(registry)
    late = [block["entries"][0] for block in await _blocks(registry)]
    assert late != sorted(late), "no entry was committed late: the test has proved nothing"
    await announce(registry)
    found = await verdict(registry)
    assert (found.flaw, found.unsealed, found.unannounced) == (None, 0, 0)


async def test_two_sealers_seal_every_entry_once(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer_module, "SLICE", 3)

    async with sealing(a_sealer(registry), a_sealer(registry)):
        for number in range(60):
            await write(registry, f"operation_{number}")
        await eventually(partial(_all_sealed, registry))

    assert await _in_one_block_each(registry)
    await announce(registry)
    assert (await verdict(registry)).flaw is None


@pytest.mark.parametrize("count", [4, 5, 6])
async def test_what_fills_its_blocks_exactly_holds_nothing_up(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(sealer_module, "SLICE", 2)
    sealer = a_sealer(registry)
    for number in range(count):
        await write(registry, f"operation_{number}")
    await sealer.seal()

    await write(registry, "one_more")
    await sealer.seal()

    assert await _all_sealed(registry)
    assert await _in_one_block_each(registry)


async def test_a_quiet_trail_gets_no_further_block(registry: Ecosystem) -> None:
    await write(registry, "register_enterprise")
    sealer = a_sealer(registry)

    for _ in range(3):
        await sealer.seal()

    (block,) = await _blocks(registry)
    assert (block["number"], block["previous"], len(block["entries"])) == (1, bytes(32), 1)
    assert await _all_sealed(registry)


async def test_a_sealer_killed_before_its_commit_leaves_nothing_half_sealed(
    registry: Ecosystem,
) -> None:
    await write(registry, "first", "second")

    async with _held(registry):
        killed = asyncio.create_task(a_sealer(registry).seal())
        await eventually(partial(_waiting_to_insert, registry, 1))
        await registry.rows("registry", f"SELECT pg_terminate_backend(pid) {_WAITING}")
        with pytest.raises(DBAPIError):
            await killed
    assert await _blocks(registry) == []

    await a_sealer(registry).seal()
    assert await _in_one_block_each(registry)


async def test_a_sealer_that_lost_its_lock_and_goes_on_seals_nothing_twice(
    registry: Ecosystem,
) -> None:
    await write(registry, "first", "second")

    async with _held(registry):
        zombie = asyncio.create_task(a_sealer(registry).seal())
        await eventually(partial(_waiting_to_insert, registry, 1))
        await registry.rows("registry", _DEPOSE)
        successor = asyncio.create_task(a_sealer(registry).seal())
        await eventually(partial(_waiting_to_insert, registry, 2))
    outcomes = await asyncio.gather(zombie, successor, return_exceptions=True)

    assert sorted(map(type, outcomes), key=str) == [type(None), IntegrityError]
    assert await _in_one_block_each(registry)
    assert len(await _blocks(registry)) == 1


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("DELETE FROM audit_entry WHERE id = 2", "entry 2 is missing"),
        ("UPDATE audit_entry SET actor = 'another' WHERE id = 2", "entry 2 is not what was sealed"),
        ("UPDATE audit_block SET done = '1:1:'", "Block 1 is not what was sealed"),
        ("DELETE FROM audit_block", "Block 1 was announced before"),
    ],
)
async def test_what_was_tampered_with_is_not_sealed_over(
    registry: Ecosystem, harm: str, reason: str
) -> None:
    await write(registry, "first", "second", "third")
    sealer = a_sealer(registry)
    await sealer.seal()
    await tamper(registry, harm)
    await write(registry, "fourth")
    before = await _blocks(registry)

    with pytest.raises(Broken, match=reason):
        await sealer.seal()
    with capture_logs() as logs:
        async with sealing(sealer):
            await eventually(_said(logs, "audit.broken"))

    assert await _blocks(registry) == before


async def test_a_trail_restored_into_another_cluster_is_not_continued(
    registry: Ecosystem,
) -> None:
    await write(registry, "first")
    await a_sealer(registry).seal()
    await tamper(registry, "UPDATE audit_block SET system_identifier = 17")

    with pytest.raises(Broken, match="another cluster"):
        await a_sealer(registry).seal()


async def test_a_sealer_without_its_database_tries_again(registry: Ecosystem) -> None:
    nowhere = Database(registry.worker_urls["registry"] + f"_{uuid4().hex}")

    with capture_logs() as logs:
        async with sealing(Sealer(nowhere, "registry")):
            await eventually(_said(logs, "audit.not_sealed", 2))


_WAITING = """
FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND relation = 'audit_block'::regclass
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_DEPOSE = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@asynccontextmanager
async def _held(registry: Ecosystem) -> AsyncIterator[None]:
    """Let blocks be read and none be written, until the block ends."""
    connection = await asyncpg.connect(registry.superuser_url("registry"))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE audit_block IN EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def _waiting_to_insert(registry: Ecosystem, count: int) -> bool:
    waiting = await registry.rows("registry", f"SELECT pid {_WAITING}")
    return len(waiting) == count


def _said(logs: list[Any], event: str, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return [entry["event"] for entry in logs].count(event) >= times

    return enough
