"""How long a commit takes to reach a consumer, against a bare `send`."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.streams.wakeup import Wakeup
from tests.bench.figures import Figure
from tests.bench.kafka import bare_consumer, bare_producer, create_topic
from tests.bench.processes import process
from tests.support.ecosystem import Ecosystem
from tests.support.processes import environment_of

_ROUNDS = 5
_RATE = 200
_SECONDS = 4
_ARRIVAL_DEADLINE = 30.0

_INSERT = """
INSERT INTO event_log (topic, key, epoch, seq, type, data)
VALUES ('registry.enterprise.v1', $1::uuid::text, 1, 1,
        'id.sinergi.registry.enterprise.registered.v1',
        json_build_object('id', $1::uuid, 'trade_name', repeat('x', 300)))
RETURNING key
"""

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Send = Callable[[dict[str, float]], Awaitable[None]]


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """The relay is a process of its own; writer and consumer share this one in both cases."""
    kafka, url = ecosystem.parts.kafka, ecosystem.urls["registry"]
    wakeup = Wakeup(url)
    bare_topic = ecosystem.prefix + "bare"
    await create_topic(kafka, bare_topic)
    delays: dict[str, list[list[float]]] = {"ours": [], "bare": []}
    environment = environment_of(ecosystem.settings("registry", "worker"))
    async with (
        process(["-m", "services.registry", "worker"], environment),
        bare_producer(kafka) as producer,
        asyncpg.create_pool(url, min_size=4, max_size=8) as pool,
    ):
        ways = {
            "ours": (ecosystem.prefix + "registry.enterprise.v1", partial(_commit, pool, wakeup)),
            "bare": (bare_topic, partial(_send, producer, bare_topic)),
        }
        for number in range(_ROUNDS + 1):
            for name, (topic, send) in ways.items():
                measured = await _paced(kafka, topic, send)
                if number:  # the first round warms up
                    delays[name].append(measured)
    await wakeup.close()
    return [
        _figure("p50", delays, statistics.median, "+2 ms"),
        _figure("p99", delays, lambda d: statistics.quantiles(d, n=100)[98], "+10 ms"),
    ]


def _figure(
    name: str,
    delays: dict[str, list[list[float]]],
    of: Callable[[list[float]], float],
    goal: str,
) -> Figure:
    ours, bare = ([of(delay) for delay in delays[way]] for way in ("ours", "bare"))
    return Figure(f"commit to consumer at 200/s, {name}", "ms", ours, bare, goal, "difference")


async def _paced(kafka: str, topic: str, send: Send) -> list[float]:
    """Send at a steady rate; return how many milliseconds each took to the consumer."""
    sent: dict[str, float] = {}
    count = _RATE * _SECONDS
    async with bare_consumer(kafka, topic) as consumer:
        listening = asyncio.create_task(_arrivals(consumer, count))
        started = time.perf_counter()
        sending = []
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / _RATE - time.perf_counter()))
            sending.append(asyncio.create_task(_in_full(send, sent)))
        await asyncio.gather(*sending)
        async with asyncio.timeout(_ARRIVAL_DEADLINE):
            arrived = await listening
    return [(arrived[key] - moment) * 1000 for key, moment in sent.items()]


async def _in_full(send: Send, sent: dict[str, float]) -> None:
    await send(sent)


async def _commit(pool: Pool, wakeup: Wakeup, sent: dict[str, float]) -> None:
    """One event as a use case would commit it, without the use case's own cost."""
    key: str = await pool.fetchval(_INSERT, uuid4())
    sent[key] = time.perf_counter()
    wakeup.committed()


async def _send(producer: AIOKafkaProducer, topic: str, sent: dict[str, float]) -> None:
    key = str(uuid4())
    sent[key] = time.perf_counter()
    await producer.send(topic, b"x" * 350, key=key.encode())


async def _arrivals(consumer: AIOKafkaConsumer, count: int) -> dict[str, float]:
    arrived: dict[str, float] = {}
    while len(arrived) < count:
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            now = time.perf_counter()
            arrived |= {record.key.decode(): now for record in records}
    return arrived
