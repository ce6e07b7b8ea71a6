"""A day in whose middle something breaks ends as any other: nothing is lost, nothing done twice."""

import asyncio
import signal
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from deploy.cli.demo.day import midday
from deploy.cli.demo.day.story import STEPS
from deploy.local.server import written_process
from tests.faults.servers import Servers, breakable_servers, kill, start
from tests.journeys.chronicle import Told, lives, told
from tests.journeys.settling import settled, wrong_copies
from tests.journeys.stage import opened, play
from tests.support.databases import SERVICES
from tests.support.eventually import eventually
from tests.support.launched import Launched

pytestmark = pytest.mark.proof

ACTS = [step.act for step in STEPS]
MIDDLE = ACTS.index(midday.want_room)
OUTAGE_S = 10.0
RECOVERY_S = 90.0

Trouble = Callable[[], Coroutine[None, None, None]]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A PostgreSQL and a Kafka that the launcher is given, and does not look after."""
    with breakable_servers() as started:
        yield started


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The launcher's folder, whose keys open what the servers keep."""
    with tempfile.TemporaryDirectory(prefix="sinergi-day-", ignore_cleanup_errors=True) as folder:
        yield Path(folder, ".sinergi")


@pytest.fixture(scope="module", params=["one", "processes"])
def launched(request: pytest.FixtureRequest, servers: Servers, home: Path) -> Iterator[Launched]:
    """Four services on them, in either mode."""
    given = {
        "SINERGI_POSTGRES_URL": servers.parts.postgres_url,
        "SINERGI_KAFKA": servers.parts.kafka,
    }
    running = Launched(home, given)
    running.start(request.param)
    yield running
    running.end(signal.SIGINT)


@pytest.fixture(scope="module")
def usual(launched: Launched) -> Told:
    """A day on which nothing breaks."""
    return asyncio.run(_a_day(launched, partial(asyncio.sleep, 0)))


async def test_a_day_without_kafka_in_its_middle_ends_as_any_other(
    launched: Launched, servers: Servers, usual: Told
) -> None:
    assert await _a_day(launched, partial(_no_kafka, servers)) == usual


async def test_a_day_whose_workers_are_killed_in_its_middle_ends_as_any_other(
    launched: Launched, usual: Told
) -> None:
    assert await _a_day(launched, partial(_kill_workers, launched)) == usual


async def _a_day(launched: Launched, trouble: Trouble) -> Told:
    """Play a day, in whose middle the trouble begins while people go on."""
    await eventually(partial(settled, launched), RECOVERY_S)
    before = await lives(launched.here.kafka)
    async with opened(launched, RECOVERY_S) as scene, asyncio.TaskGroup() as meanwhile:
        await play(scene, *ACTS[:MIDDLE])
        meanwhile.create_task(trouble())
        await play(scene, *ACTS[MIDDLE:])
    await eventually(partial(settled, launched), RECOVERY_S)
    now = await lives(launched.here.kafka)
    assert await wrong_copies(launched, now) == {}
    return told(now, before)


async def _no_kafka(servers: Servers) -> None:
    await asyncio.to_thread(kill, servers.kafka)
    try:
        await asyncio.sleep(OUTAGE_S)
    finally:
        async with asyncio.timeout(RECOVERY_S):
            await start(servers.kafka)


async def _kill_workers(launched: Launched) -> None:
    if launched.here.mode == "one":
        # The workers live in the launcher, and only together with the APIs do they die.
        await asyncio.to_thread(launched.end, signal.SIGKILL)
        await asyncio.to_thread(launched.start, "one")
        return
    killed = _workers(launched)
    for worker in killed:
        worker.kill()
    await eventually(partial(_replaced, launched, killed), RECOVERY_S)


def _workers(launched: Launched) -> list[psutil.Process]:
    folder = launched.home / "services"
    found = [written_process(folder / f"{service}-worker.pid") for service in SERVICES]
    return [worker for worker in found if worker]


async def _replaced(launched: Launched, killed: list[psutil.Process]) -> bool:
    workers = _workers(launched)
    return len(killed) == len(workers) == len(SERVICES) and not set(workers) & set(killed)
