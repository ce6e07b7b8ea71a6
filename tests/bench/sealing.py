"""The command path while the audit trail is sealed each second, against the same left alone."""

import argparse
import asyncio
import itertools
import json
import sys
from contextlib import AsyncExitStack

from shared.audit import sealer
from shared.database import Database
from tests.bench.figures import Figure
from tests.bench.http_load import Target, posts_per_second
from tests.bench.processes import process, server
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.processes import environment_of

_ROUNDS = 5
_SECONDS = 4.0
_CLIENTS = 8
_EVERY = 1.0
"""Seconds; sixty times as often as a worker does it."""
_READY = b"sealing\n"
"""Said once all that was written before is sealed: neither that nor the start is measured."""


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """Alternate between a sealer at work, in a process of its own, and none."""
    await open_batu(ecosystem.database("registry"))
    token = f"Authorization: Bearer {ecosystem.issuer.token('operator')}\r\n"
    rates: dict[bool, list[float]] = {True: [], False: []}
    async with server(
        ["-m", "services.registry", "api"], environment_of(ecosystem.settings("registry"))
    ) as port:
        target = (port, "/api/registry/v1/enterprises", token)
        for number in range(_ROUNDS + 1):
            for sealed in (True, False):
                async with AsyncExitStack() as stack:
                    if sealed:
                        words = ["-m", "tests.bench.sealing", ecosystem.worker_urls["registry"]]
                        sealing = process(words, {}, until_it_says=_READY)
                        await stack.enter_async_context(sealing)
                    rate = await _rate(target)
                if number:  # the first round warms up
                    rates[sealed].append(rate)
    name = "command path while sealing, 8 clients"
    return [Figure(name, "requests/s", rates[True], rates[False], ">= 0.9")]


_numbers = itertools.count()


async def _rate(target: Target) -> float:
    def body() -> bytes:
        return json.dumps(an_enterprise(trade_name=f"Warung Meterai {next(_numbers)}")).encode()

    return await posts_per_second(target, body, seconds=_SECONDS, clients=_CLIENTS)


async def _seal(url: str) -> None:
    sealer.EVERY = _EVERY
    at_work = sealer.Sealer(Database(url, pool_size=1), "registry")
    await at_work.seal()
    sys.stdout.buffer.write(_READY)
    sys.stdout.flush()
    await at_work.run(asyncio.Event())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    asyncio.run(_seal(parser.parse_args().url))
