"""Half an hour at half of what the relay can carry, beside a transaction that never ends.

`SINERGI_SOAK_MINUTES` shortens it. Neither the relay's memory nor an idle look at the log may grow.
"""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from shared.streams.codec import COLUMNS
from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.direct import Connection, connected
from shared.streams.relay import SLICE
from shared.streams.slices import Slices
from tests.support.builders import open_batu
from tests.support.checkers import nothing_waits
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_state
from tests.support.processes import Program

MINUTES = float(os.environ.get("SINERGI_SOAK_MINUTES") or 30)
BACKLOG = 20_000
"""Events whose draining gives the rate."""
PAUSE = 0.1

_LOG = Slices("event_log", COLUMNS)
_SAY = """
INSERT INTO event_log (topic, key, epoch, seq, type, data)
SELECT 'registry.enterprise.v1', uuidv7()::text, 1, 1,
'id.sinergi.registry.enterprise.registered.v1', $2::json FROM generate_series(1, $1)
"""

pytestmark = [
    pytest.mark.proof,
    pytest.mark.usefixtures("topics"),
    pytest.mark.timeout(MINUTES * 60 + 600),
]


@dataclass
class Samples:
    """What was measured, from the first to the last."""

    memory: list[float] = field(default_factory=list)
    poll: list[float] = field(default_factory=list)

    def growth(self) -> dict[str, tuple[float, float]]:
        """The medians of the first and of the last third."""
        third = len(self.poll) // 3
        measured = {"MB": self.memory, "ms": self.poll}
        return {
            unit: (statistics.median(of[:third]), statistics.median(of[-third:]))
            for unit, of in measured.items()
        }


async def test_neither_memory_nor_an_idle_poll_grows(registry: Ecosystem, tmp_path: Path) -> None:
    await open_batu(registry.database("registry"))
    url = registry.superuser_url("registry")
    address = (registry.worker_urls["registry"], registry.parts.kafka, registry.prefix)
    relay = Program(tmp_path / "relay.log", ["tests.faults.relay_process", *address])

    with relay:
        async with connected(url) as connection:
            rate = await _rate(registry, connection)
        async with _never_ending(url):
            samples = await _soak(url, relay, rate / 2)
        growth = samples.growth()
        print(f"{rate / 2:.0f} events/s for {MINUTES} min; first and last third: {growth}")  # noqa: T201 (figures)
        await eventually(partial(nothing_waits, registry), 60)

    first, last = growth["MB"]
    assert last < first * 1.1 + 5
    first, last = growth["ms"]
    assert last < first * 1.5 + 0.5
    assert not await relay.said("relay.starts_over")


async def _rate(registry: Ecosystem, connection: Connection) -> float:
    """How many events the relay carries in a second."""
    await eventually(partial(nothing_waits, registry))
    await _say(connection, BACKLOG)
    start = time.monotonic()
    await eventually(partial(nothing_waits, registry), 60)
    return BACKLOG / (time.monotonic() - start)


async def _soak(url: str, relay: Program, rate: float) -> Samples:
    """Speak at this rate, and measure once a second."""
    samples, end = Samples(), time.monotonic() + MINUTES * 60
    speaking = asyncio.create_task(_speak(url, rate, end))
    async with connected(url) as connection:
        while time.monotonic() < end and not speaking.done():
            samples.memory.append(relay.memory() / 1e6)
            samples.poll.append(await _idle_poll(connection) * 1e3)
            await asyncio.sleep(1)
    await speaking
    return samples


async def _speak(url: str, rate: float, end: float) -> None:
    """Say what is due every tenth of a second."""
    said, start = 0, time.monotonic()
    async with connected(url) as connection:
        while (now := time.monotonic()) < end:
            due = int((now - start) * rate) - said
            await _say(connection, due)
            said += due
            await asyncio.sleep(PAUSE)


async def _say(connection: Connection, count: int) -> None:
    await connection.execute(_SAY, count, a_state().model_dump_json())


async def _idle_poll(connection: Connection) -> float:
    """Seconds that a look takes which finds next to nothing, more than a bare question takes."""
    looks, bare = [], []
    for _ in range(5):
        start = time.monotonic()
        done = Snapshot.of(await connection.fetchval("SELECT pg_current_snapshot()"))
        asked = time.monotonic()
        await _LOG.read(connection, SnapshotCursor(done), SLICE)
        bare.append(asked - start)
        looks.append(time.monotonic() - asked)
    return min(looks) - min(bare)


@asynccontextmanager
async def _never_ending(url: str) -> AsyncIterator[None]:
    """A transaction that has written and looked, and holds back every vacuum."""
    async with connected(url) as connection, connection.transaction(isolation="repeatable_read"):
        await connection.fetch("SELECT pg_current_xact_id(), count(*) FROM event_log")
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield
