"""Asks every part and every service how it is, each within seconds."""

import asyncio
import platform
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import httpx

from deploy.local.checkout import SERVICES, Running
from deploy.local.front import service_health
from deploy.local.jars import kafka_version
from deploy.local.lags import kafka_answers, lags
from deploy.local.parts import GIVEN_SOURCE
from deploy.local.processes import worker_is_up
from deploy.local.waits import waits
from deploy.local.worker_health import worker_health
from shared.streams.direct import Connection
from shared.streams.relay import undelivered
from shared.watch import parked_keys
from shared.web.service import VERSION

_ANSWER_S: Final = 5.0
_NO_ANSWER: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

_NO_LOG: Final[tuple[int | None, float | None]] = (None, None)

T = TypeVar("T")


async def examine(here: Running, home: Path) -> dict[str, Any]:
    """Return all that can be found out; what does not answer is down and has no numbers."""
    parts, services = await asyncio.gather(_parts(here), _services(here, home))
    up = [one["up"] for one in [*parts.values(), *services.values()]]
    return {
        "running": True,
        "healthy": all(up) and all(service["worker_up"] for service in services.values()),
        "mode": here.mode,
        "pid": here.pid,
        "parts": parts,
        "services": services,
    }


async def _parts(here: Running) -> dict[str, dict[str, Any]]:
    database, kafka, front = await asyncio.gather(
        _database_version(here.postgres), kafka_answers(here.kafka), _front_answers(here.url)
    )
    own, sources = "this checkout", here.sources
    # A broker does not tell its version: it is known of one that we have brought ourselves.
    broker = None if sources["kafka"] == GIVEN_SOURCE else kafka_version()
    return {
        "sinergi": _part(VERSION, here.url, own, up=front),
        "postgresql": _part(
            database, _place(here.postgres), sources["postgresql"], up=database is not None
        ),
        "kafka": _part(broker, here.kafka, sources["kafka"], up=kafka),
        "python": _part(platform.python_version(), platform.python_implementation(), own, up=True),
    }


async def _services(here: Running, home: Path) -> dict[str, dict[str, Any]]:
    health, workers, logs, parked, behind = await asyncio.gather(
        service_health(here.url, SERVICES),
        worker_health(here.url, SERVICES),
        _of_each(here.databases, undelivered, _NO_LOG),
        _of_each(here.databases, parked_keys, None),
        lags(here.kafka, SERVICES),
    )
    late = await waits(here.kafka, behind)
    return {
        name: {
            "up": health[name],
            # In one process a worker that ends takes everything with it.
            "worker_up": workers[name].live and (here.mode == "one" or worker_is_up(name, home)),
            "address": f"{here.url}/api/{name}",
            "undelivered": logs[name][0],
            "log_age_s": logs[name][1],
            "delivery_lag_s": workers[name].delivery_lag_s,
            "copies": behind[name],
            "copies_lag_s": late[name],
            "held": workers[name].held,
            "parked": parked[name],
        }
        for name in SERVICES
    }


def _part(version: str | None, address: str, source: str, *, up: bool) -> dict[str, Any]:
    return {"up": up, "version": version, "address": address, "source": source}


def _place(url: str) -> str:
    return url.rpartition("@")[2].partition("/")[0]


async def _front_answers(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=_ANSWER_S) as client:
        try:
            return (await client.get(f"{url}/")).is_success
        except httpx.HTTPError:
            return False


async def _database_version(url: str) -> str | None:
    try:
        async with asyncio.timeout(_ANSWER_S):
            connection = await asyncpg.connect(url)
            try:
                return str(await connection.fetchval("SHOW server_version"))
            finally:
                await connection.close()
    except _NO_ANSWER:
        return None


async def _of_each(
    databases: dict[str, str], ask: Callable[[Connection], Awaitable[T]], unknown: T
) -> dict[str, T]:
    """What each database answers, and what stands for one that does not."""
    found = await asyncio.gather(*(_of_one(url, ask, unknown) for url in databases.values()))
    return dict(zip(databases, found, strict=True))


async def _of_one(url: str, ask: Callable[[Connection], Awaitable[T]], unknown: T) -> T:
    try:
        async with asyncio.timeout(_ANSWER_S):
            connection = await asyncpg.connect(url)
            try:
                return await ask(connection)
            finally:
                await connection.close()
    except _NO_ANSWER:
        return unknown
