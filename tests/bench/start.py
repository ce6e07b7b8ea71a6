"""How long a warm start takes until everything answers, and how much memory it all holds."""

import asyncio
import signal
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.figures import Reading
from tests.support.launched import Launched

_ROUNDS = 3
_SETTLED = 3.0
_MEBIBYTE = 1024 * 1024


async def measure() -> list[Reading]:
    """Start once cold, to make the data; then start it warm and weigh it when it has settled."""
    return await asyncio.to_thread(_measure)


def _measure() -> list[Reading]:
    seconds: list[float] = []
    weights: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="sinergi-bench-", ignore_cleanup_errors=True) as folder:
        for number in range(_ROUNDS + 1):
            launched = Launched(Path(folder) / ".sinergi")
            started = time.perf_counter()
            launched.start("one")
            if number:
                seconds.append(time.perf_counter() - started)
                time.sleep(_SETTLED)
                for part, weight in _weigh(launched).items():
                    weights.setdefault(part, []).append(weight)
            launched.end(signal.SIGINT)
    memory = [Reading(f"memory: {part}", "MiB", values) for part, values in weights.items()]
    return [Reading("warm start to ready", "s", seconds), *memory]


def _weigh(launched: Launched) -> dict[str, float]:
    """Proportional set sizes, which count once what processes share; resident ones without them."""
    weights = {"four services and front": 0.0, "PostgreSQL": 0.0, "Kafka": 0.0}
    everything = [psutil.Process(launched.process.pid), *launched.family()]
    for process in everything:
        memory = process.memory_full_info()
        weights[_part(process)] += getattr(memory, "pss", memory.rss) / _MEBIBYTE
    return weights | {"everything": sum(weights.values())}


def _part(process: psutil.Process) -> str:
    name = process.name()
    if name.startswith("postgres"):
        return "PostgreSQL"
    return "Kafka" if name == "java" else "four services and front"
