"""The whole ecosystem, as `sinergi up` runs it, in a folder of its own."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from tests.support.launched import Launched, in_time


@pytest.fixture
def launched(tmp_path: Path) -> Iterator[Launched]:
    one = Launched(tmp_path / ".sinergi")
    yield one
    one.end(signal.SIGKILL)


async def enterprises(url: str) -> int:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM enterprise", timeout=10))
    finally:
        await connection.close(timeout=10)


async def test_one_process_recovers_by_itself_from_a_kill_and_stops_in_order(
    launched: Launched,
) -> None:
    launched.start("one")
    family = launched.family()
    launched.end(signal.SIGKILL)

    _, left = psutil.wait_procs(family, timeout=40)
    assert left == []

    launched.start("one")
    assert await enterprises(launched.database) == 300
    assert set(launched.get("/status").json()["services"].values()) == {True}

    family = launched.family()
    # Two `sinergi down` and one Ctrl-C: none of them is impatient.
    for asked in (signal.SIGTERM, signal.SIGTERM):
        launched.process.send_signal(asked)
        await asyncio.sleep(0.2)
    launched.end(signal.SIGINT)
    assert launched.process.returncode == 0
    assert [process for process in family if process.is_running()] == []
    assert [line.split()[1] for line in launched.said.splitlines()[-4:]] == [
        "HTTP",
        "Services",
        "Kafka",
        "PostgreSQL",
    ]
    assert not (launched.home / "run.json").exists()


def test_of_eight_processes_one_that_dies_is_started_again_and_none_outlives_the_launcher(
    launched: Launched,
) -> None:
    launched.start("processes")
    family = launched.family()
    assert set(launched.get("/status").json()["services"].values()) == {True}

    victim = json.loads((launched.home / "services" / "registry-api.pid").read_text())["pid"]
    psutil.Process(victim).kill()
    ready = "/api/registry/health/ready"
    assert in_time(lambda: launched.get(ready).status_code == 503, 10)
    assert launched.get("/api/mentoring/health/ready").is_success
    assert launched.get("/workers/registry/health/live").json()["stalled"] is False
    assert in_time(lambda: launched.get(ready).is_success, 60)

    family += launched.family()
    launched.end(signal.SIGKILL)
    _, left = psutil.wait_procs(family, timeout=60)
    assert left == []
