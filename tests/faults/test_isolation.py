"""Two units, many clients on few connections: whatever is cut off, nobody sees a foreign row."""

import asyncio
import os
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import pytest

from services.registry.ids import unit_id
from services.registry.schemas import OpenUnit
from services.registry.use_cases import open_unit
from shared.database import Database
from tests.faults.impatient import Impatient, at_work
from tests.faults.known_bad import scope_rows_of_the_session
from tests.faults.officers import Files, Officer
from tests.faults.rummagers import UNITS, Rummager, fill
from tests.faults.servers import Servers, kill, start
from tests.support.builders import BATU, MALANG
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.row_security import make_drawer, queries_without_scope

CLIENTS = 50
CONNECTIONS = 8
FEW, MANY = 2, 20
"""Whole deeds of each client, before the restart and again after it."""
RECOVERY = 120.0

_SIGNED_BY_ANOTHER_UNIT = "SELECT FROM drawer WHERE content <> unit_id::text"


@pytest.fixture
def seed() -> int:
    """Of the schedule; SINERGI_SEED gives the same again."""
    seed = int(os.environ.get("SINERGI_SEED") or secrets.randbelow(1_000_000))
    print(f"SINERGI_SEED={seed}")  # noqa: T201 (the same schedule again)
    return seed


@pytest.fixture
async def rummagers(breakable: Ecosystem, seed: int) -> AsyncIterator[list[Rummager]]:
    """Clients of a guarded table with rows of both units; more of them than connections."""
    await make_drawer(breakable)
    await fill(breakable.database("registry", "worker"))
    database = Database(breakable.urls["registry"], pool_size=CONNECTIONS)
    units = list(UNITS)
    yield [Rummager(_chance(seed, n), database, units[n % 2]) for n in range(CLIENTS)]
    await database.close()


@pytest.fixture
async def officers(breakable: Ecosystem, seed: int) -> list[Officer]:
    """Desk officers of both units, all of them at one registry."""
    async with breakable.database("registry").transaction(breakable.actor) as tx:
        for region in (BATU, MALANG):
            await open_unit(tx, OpenUnit(level="regency", region_code=region))
    client = await breakable.client("registry", None)
    desks = [
        (breakable.issuer.token("batu"), unit_id(BATU), unit_id(MALANG)),
        (breakable.issuer.token("malang"), unit_id(MALANG), unit_id(BATU)),
    ]
    files = Files()
    return [Officer(_chance(seed, n), client, *desks[n % 2], files) for n in range(CLIENTS)]


@pytest.mark.parametrize("deeds", [FEW, pytest.param(MANY, marks=pytest.mark.proof)])
async def test_nobody_ever_sees_or_touches_a_row_of_another_unit(
    breakable: Ecosystem, servers: Servers, rummagers: list[Rummager], deeds: int
) -> None:
    await _work_through_a_restart(rummagers, servers, deeds)

    assert _foreign(rummagers) == []
    assert await breakable.rows("registry", _SIGNED_BY_ANOTHER_UNIT) == []


async def test_a_scope_of_the_session_would_be_seen(
    rummagers: list[Rummager], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.database.scope_rows", scope_rows_of_the_session)

    async with at_work(rummagers):
        await eventually(partial(_somebody_saw_something_foreign, rummagers), RECOVERY)


@pytest.mark.parametrize(
    ("nets", "deeds"),
    [
        pytest.param(nullcontext, FEW, id="both"),
        pytest.param(nullcontext, MANY, id="both, long", marks=pytest.mark.proof),
        pytest.param(queries_without_scope, MANY, id="row security", marks=pytest.mark.proof),
    ],
)
async def test_nobody_ever_reaches_a_person_of_another_unit(
    officers: list[Officer],
    servers: Servers,
    nets: Callable[[], AbstractContextManager[None]],
    deeds: int,
) -> None:
    with nets():
        await _work_through_a_restart(officers, servers, deeds)

    assert _foreign(officers) == []


async def _work_through_a_restart(
    clients: Sequence[Impatient], servers: Servers, deeds: int
) -> None:
    async with at_work(clients):
        await eventually(partial(_each_did, clients, deeds), RECOVERY)
        await asyncio.to_thread(kill, servers.postgres)
        await start(servers.postgres)
        await eventually(partial(_each_did, clients, 2 * deeds), RECOVERY)
    did = sum((client.did for client in clients), Counter[str]())
    print(dict(did))  # noqa: T201 (figures)
    assert did["failed"] > 0
    assert did["broken off"] > CLIENTS


def _chance(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed} {number}")  # noqa: S311 (a schedule)


def _foreign(clients: Sequence[Impatient]) -> list[str]:
    return [seen for client in clients for seen in client.foreign]


async def _each_did(clients: Sequence[Impatient], deeds: int) -> bool:
    return all(client.whole() >= deeds for client in clients)


async def _somebody_saw_something_foreign(clients: Sequence[Impatient]) -> bool:
    return bool(_foreign(clients))
