"""A PostgreSQL and a Kafka of their own for tests that break them."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.kafka import Kafka
from deploy.local.parts import Parts, start_together, stop_in_order
from deploy.local.postgres import Postgres

_GONE_S = 10.0


@dataclass(frozen=True)
class Servers:
    """Two servers that may be killed, frozen and started again; addresses and data stay."""

    postgres: Postgres
    kafka: Kafka
    parts: Parts


@contextmanager
def breakable_servers() -> Iterator[Servers]:
    """Both servers at work on a fresh folder, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="sinergi-breakable-") as folder:
        postgres, kafka = Postgres(Path(folder, "postgresql")), Kafka(Path(folder, "kafka"))
        parts = start_together(postgres, kafka)
        try:
            yield Servers(postgres, kafka, parts)
        finally:
            stop_in_order(postgres, kafka)


def kill(server: Postgres | Kafka) -> None:
    """End a server and every process that it has, as a power cut would."""
    processes = _processes(server)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, _GONE_S)
    server.stop()


def freeze(server: Postgres | Kafka) -> None:
    """Let a server stand still: its connections stay open, and nothing answers."""
    for process in _processes(server):
        with suppress(psutil.NoSuchProcess):
            process.suspend()


def wake_up(server: Postgres | Kafka) -> None:
    """Let a frozen server go on."""
    for process in _processes(server):
        with suppress(psutil.NoSuchProcess):
            process.resume()


async def start(server: Postgres | Kafka) -> None:
    """Start a server again, at the address where it was."""
    await asyncio.to_thread(server.start)


def _processes(server: Postgres | Kafka) -> list[psutil.Process]:
    first = psutil.Process(server.pid)
    return [first, *first.children(recursive=True)]
