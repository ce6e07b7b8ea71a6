"""How long a session that wants a room waits for one, over Kafka, against one bare hop.

Two hops and a transaction: the wish is heard, a place is taken under the exclusion constraint, and
the booking is relayed to its topic. What is compared with it is a record from a producer straight
to a consumer.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.facilities.ids import unit_id
from shared.events.facilities import BookingState
from shared.events.mentoring import SessionState
from shared.events.registry import UnitState
from shared.streams.kafka import Record
from tests.bench.booking import FIRST, a_facility
from tests.bench.figures import Figure
from tests.bench.kafka import bare_consumer, bare_producer, create_topic
from tests.bench.processes import process
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem
from tests.support.messages import said
from tests.support.processes import environment_of

_ROUNDS: Final = 5
_RATE: Final = 20
_COUNT: Final = 100
_ARRIVAL_DEADLINE: Final = 60.0
_SLOT: Final = timedelta(minutes=5)

Send = Callable[[dict[str, float]], Awaitable[None]]


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """The worker of facilities is a process of its own; wishes come at a steady rate."""
    kafka, bare_topic = ecosystem.parts.kafka, ecosystem.prefix + "bare-room"
    await create_topic(kafka, bare_topic)
    await a_facility(ecosystem)
    delays: dict[str, list[list[float]]] = {"ours": [], "bare": []}
    environment = environment_of(ecosystem.settings("facilities", "worker"))
    async with (
        process(["-m", "services.facilities", "worker"], environment),
        bare_producer(kafka) as producer,
    ):
        await _open_the_unit(producer, ecosystem.prefix)
        wishes = _Wishes(producer, ecosystem.prefix)
        ways: dict[str, tuple[str, Send]] = {
            "ours": (ecosystem.prefix + BookingState.topic, wishes.send),
            "bare": (bare_topic, partial(_send, producer, bare_topic)),
        }
        for number in range(_ROUNDS + 1):
            for name, (topic, send) in ways.items():
                measured = await _paced(kafka, topic, send)
                if number:  # the first round warms up, and the worker joins its group
                    delays[name].append(measured)
    return [
        _figure("p50", delays, statistics.median),
        _figure("p99", delays, lambda d: statistics.quantiles(d, n=100)[98]),
    ]


def _figure(
    name: str, delays: dict[str, list[list[float]]], of: Callable[[list[float]], float]
) -> Figure:
    ours, bare = ([of(delay) for delay in delays[way]] for way in ("ours", "bare"))
    title = f"session wants a room to room given at {_RATE}/s, {name}"
    return Figure(title, "ms", ours, bare, "reported", "difference")


async def _open_the_unit(producer: AIOKafkaProducer, prefix: str) -> None:
    unit = {"id": unit_id(BATU), "level": "regency", "region_code": BATU}
    state = UnitState.model_validate(unit | {"time_zone": "Asia/Jakarta"})
    await _say(producer, prefix, said(state, "opened"))


async def _say(producer: AIOKafkaProducer, prefix: str, record: Record) -> None:
    await producer.send(
        prefix + record.topic, record.value, key=record.key, headers=list(record.headers)
    )


class _Wishes:
    """Sessions that want a room, one five minutes after another."""

    def __init__(self, producer: AIOKafkaProducer, prefix: str) -> None:
        self._producer = producer
        self._prefix = prefix
        self._start = FIRST

    async def send(self, sent: dict[str, float]) -> None:
        """Say the next wish."""
        state = SessionState(
            id=uuid4(),
            unit_id=unit_id(BATU),
            case_id=uuid4(),
            enterprise_id=uuid4(),
            consultant_id=uuid4(),
            mode="room",
            status="planned",
            revision=1,
            room="wanted",
            starts_at=self._start,
            ends_at=self._start + _SLOT,
        )
        self._start += _SLOT
        sent[str(state.id)] = time.perf_counter()
        await _say(self._producer, self._prefix, said(state, "planned"))


async def _send(producer: AIOKafkaProducer, topic: str, sent: dict[str, float]) -> None:
    session_id = str(uuid4())
    sent[session_id] = time.perf_counter()
    body = json.dumps({"session_id": session_id, "more": "x" * 300}).encode()
    await producer.send(topic, body, key=session_id.encode())


async def _paced(kafka: str, topic: str, send: Send) -> list[float]:
    """Send at a steady rate; return how many milliseconds each took until it was answered."""
    sent: dict[str, float] = {}
    async with bare_consumer(kafka, topic) as consumer:
        listening = asyncio.create_task(_answers(consumer))
        started = time.perf_counter()
        for number in range(_COUNT):
            await asyncio.sleep(max(0.0, started + number / _RATE - time.perf_counter()))
            await send(sent)
        async with asyncio.timeout(_ARRIVAL_DEADLINE):
            arrived = await listening
    return [(arrived[key] - moment) * 1000 for key, moment in sent.items()]


async def _answers(consumer: AIOKafkaConsumer) -> dict[str, float]:
    arrived: dict[str, float] = {}
    while len(arrived) < _COUNT:
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            now = time.perf_counter()
            for record in records:
                arrived.setdefault(json.loads(record.value)["session_id"], now)
    return arrived
