"""A relay as a process of its own, which can be made to freeze between reading and sending.

`python -m tests.faults.relay_process URL KAFKA PREFIX [--freeze-at SEQ] [--unfenced]`
"""

import argparse
import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from shared.streams import relay
from shared.streams.kafka import Brokers, Producer, Record, open_producer
from tests.faults.known_bad import open_unfenced_producer


class FreezingProducer(Producer):
    """Stops its own process, as SIGSTOP would, before it sends an event of some sequence."""

    def __init__(self, producer: Producer, freeze_at: int) -> None:
        self._inner = producer
        self._sequence = ("ce_sequence", b"%d" % freeze_at)

    async def send(self, records: Iterable[Record]) -> None:
        """Send, once it has been told to continue."""
        kept = list(records)
        if any(self._sequence in record.headers for record in kept):
            os.kill(os.getpid(), signal.SIGSTOP)
        await self._inner.send(kept)


async def _run(wish: argparse.Namespace) -> None:
    open_inner = open_unfenced_producer if wish.unfenced else open_producer

    @asynccontextmanager
    async def open_freezing(brokers: Brokers, fence: str) -> AsyncIterator[Producer]:
        async with open_inner(brokers, fence) as producer:
            yield FreezingProducer(producer, wish.freeze_at)

    relay.open_producer = open_freezing  # type: ignore[attr-defined]  # it is no part of its API
    work = relay.Relay(wish.url, wish.kafka, service="registry", prefix=wish.prefix)
    await work.run(asyncio.Event())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("kafka")
    parser.add_argument("prefix")
    parser.add_argument("--freeze-at", type=int, default=0)
    parser.add_argument("--unfenced", action="store_true")
    asyncio.run(_run(parser.parse_args()))
