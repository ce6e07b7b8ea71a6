"""The programs of the guide, in three languages, keep what a real topic says and nothing else."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from sys import executable
from uuid import UUID

import pytest

from deploy.local.jars import cache_folder, fetch_jars
from deploy.local.telling import silently
from shared.streams.kafka import Record, open_producer
from tests.conformance.programs import found, installed
from tests.support.ecosystem import Ecosystem
from tests.support.messages import a_record, a_state

pytestmark = [pytest.mark.conformance, pytest.mark.usefixtures("topics")]

_PROGRAMS = Path("examples/subscribe").absolute()
_GONE = UUID("0198c0de-0000-7000-8000-0000000000aa")
_NEW_VERB = "id.sinergi.registry.enterprise.exported.v1"


def _said() -> list[Record]:
    """An aggregate with a gap, a repeat, a verb of tomorrow and a restore; and one that goes."""
    named = [a_state(trade_name=f"Kopi {n}") for n in range(5)]
    leaving = a_state(id=_GONE)
    return [
        a_record(named[0], seq=1),
        a_record(named[1], seq=3),
        a_record(named[0], seq=1),
        a_record(named[2], seq=4, type=_NEW_VERB),
        a_record(named[3], seq=2, epoch=2),
        a_record(named[4], seq=9, epoch=1),
        a_record(leaving, seq=1),
        a_record(leaving, seq=2, data=None),
    ]


HEARD = {
    f"{a_state().id} 1.1 registered: Kopi 0",
    f"{a_state().id} 1.3 registered: Kopi 1",
    f"{a_state().id} 1.4 exported: Kopi 2",
    f"{a_state().id} 2.2 registered: Kopi 3",
    f"{_GONE} 1.1 registered: Keripik Apel Panderman",
    f"{_GONE} 1.2 registered: gone",
}


async def test_in_python(registry: Ecosystem) -> None:
    await _hears(registry, [executable, str(_PROGRAMS / "python" / "subscribe.py")])


async def test_in_java(registry: Ecosystem) -> None:
    jars = os.pathsep.join(map(str, fetch_jars(cache_folder(), silently)))
    quiet = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dfile.encoding=UTF-8")
    source = str(_PROGRAMS / "java" / "Subscribe.java")

    await _hears(registry, [await found("java"), *quiet, "-Xmx256m", "-cp", jars, source])


async def test_in_javascript(registry: Ecosystem) -> None:
    folder = await installed(_PROGRAMS / "javascript")

    await _hears(registry, [await found("node"), str(folder / "subscribe.js")])


async def _hears(registry: Ecosystem, program: Sequence[str]) -> None:
    topic = f"{registry.prefix}registry.enterprise.v1"
    async with open_producer(registry.parts.kafka, registry.prefix) as producer:
        await producer.send(
            Record(topic, said.key, said.value, said.headers, said.timestamp_ms) for said in _said()
        )

    async with _running(*program, registry.parts.kafka, f"{registry.prefix}guide", topic) as lines:
        async with asyncio.timeout(60):
            heard = [await anext(lines) for _ in HEARD]

    assert set(heard) == HEARD
    assert [line for line in heard if str(_GONE) not in line] == sorted(HEARD - _of(_GONE))


def _of(key: UUID) -> set[str]:
    return {line for line in HEARD if str(key) in line}


@asynccontextmanager
async def _running(*command: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines that a program prints until it is ended."""
    program = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE)
    assert program.stdout is not None
    try:
        yield (line.decode().rstrip("\r\n") async for line in program.stdout)
    finally:
        program.kill()
        await program.wait()
