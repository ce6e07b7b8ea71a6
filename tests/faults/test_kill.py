"""Whatever is killed, and whenever: nothing acknowledged is lost, and all is heard in order."""

import asyncio
import csv
import io
import os
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from services.registry.sample_rows import COLUMNS, rows
from shared.events import EnterpriseState
from tests.faults.servers import Servers, kill, start
from tests.faults.town import Town, running_town
from tests.support.builders import BATU, open_batu
from tests.support.checkers import lost_or_out_of_order, mentoring_copied, nothing_waits
from tests.support.desk import Desk, desks_at_work
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.processes import Program

ROWS = 1_000
"""In the file of each round."""
RECOVERY = 60.0

_WRITTEN = """
SELECT l.key, l.seq, l.data->>'trade_name' AS trade_name FROM event_log AS l
JOIN enterprise AS e ON l.key = e.id::text AND l.topic = $1 WHERE e.import_id IS NULL
"""
_IMPORTED = """
SELECT count(*) AS files, bool_and(status = 'done') AS done,
sum(accepted + known) AS taken, sum(accepted) =
(SELECT count(*) FROM enterprise WHERE import_id IS NOT NULL AND event_seq = 1) AS registered
FROM enterprise_import
"""


@dataclass(frozen=True)
class Victim:
    """Something that can be killed, and started again."""

    name: str
    kill: Callable[[], None]
    start: Callable[[], Awaitable[None]]


@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.proof)])
async def test_a_kill_at_any_moment_loses_nothing_and_reorders_nothing(
    breakable: Ecosystem, servers: Servers, tmp_path: Path, rounds: int
) -> None:
    seed = int(os.environ.get("SINERGI_SEED") or secrets.randbelow(1_000_000))
    print(f"SINERGI_SEED={seed}")  # noqa: T201 (the same schedule again)
    await open_batu(breakable.database("registry"))

    with running_town(breakable, tmp_path) as town:
        async with desks_at_work(breakable, town.url) as desks:
            await _kill_again_and_again(random.Random(seed), rounds, _victims(town, servers), desks)  # noqa: S311 (a schedule)
        await eventually(partial(_imported, breakable, rounds), RECOVERY)
        await eventually(partial(nothing_waits, breakable), RECOVERY)
        await eventually(partial(mentoring_copied, breakable), RECOVERY)

    written = await breakable.rows("registry", _WRITTEN, EnterpriseState.topic)
    acknowledged = [entry for desk in desks for entry in desk.journal]
    assert sorted(map(tuple, written)) == sorted(acknowledged)
    assert await lost_or_out_of_order(breakable) == []


async def _kill_again_and_again(
    chance: random.Random, rounds: int, victims: list[Victim], desks: list[Desk]
) -> None:
    for number in range(rounds):
        await _hand_in_a_file(desks[0], number)
        await asyncio.sleep(chance.uniform(0, 1.5))
        victim = chance.choice(victims)
        print(f"round {number}: {victim.name}, {len(desks[0].journal)} acknowledged")  # noqa: T201
        await asyncio.to_thread(victim.kill)
        await asyncio.sleep(chance.uniform(0, 0.5))
        await victim.start()


def _victims(town: Town, servers: Servers) -> list[Victim]:
    return [
        *(_program(each) for each in (town.api, town.registry, town.mentoring)),
        Victim("postgres", partial(kill, servers.postgres), partial(start, servers.postgres)),
        Victim("kafka", partial(kill, servers.kafka), partial(start, servers.kafka)),
    ]


def _program(program: Program) -> Victim:
    return Victim(program.name, program.kill, partial(asyncio.to_thread, program.start))


async def _hand_in_a_file(desk: Desk, number: int) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([COLUMNS, *rows(ROWS, number, [BATU])])
    media = {"Content-Type": "text/csv; charset=utf-8"}
    await desk.ask("POST", "/imports", content=table.getvalue().encode(), headers=media)


async def _imported(ecosystem: Ecosystem, rounds: int) -> bool:
    [row] = await ecosystem.rows("registry", _IMPORTED)
    return tuple(row) == (rounds, True, rounds * ROWS, True)
