"""A client that shares no code with Kafka's own, in Node, reads our events too."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from shared.events import EnterpriseState
from shared.streams.kafka import Record, open_producer
from tests.conformance.programs import run
from tests.support.builders import open_batu, register
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_record
from tests.support.topics import enough_events

pytestmark = [pytest.mark.conformance, pytest.mark.usefixtures("topics")]

_PROGRAM = Path(__file__).with_name("node")
_INSTALLED = Path(".tools/conformance/node")
_MISSING = "Node 18 or newer with npm is not installed here (Debian, Ubuntu: apt install npm)."


async def test_a_subscriber_in_node_reads_events_and_what_is_gone(
    registry: Ecosystem, pytestconfig: pytest.Config
) -> None:
    topic = registry.prefix + EnterpriseState.topic
    await open_batu(registry.database("registry"))
    await registry.work("registry")
    enterprise = await register(registry.database("registry"), trade_name="Kopi “Nyai Ontosoroh”")
    (event,) = await eventually(partial(enough_events, registry, 1))
    gone = a_record(data=None, key=event.key, seq=2)
    async with open_producer(registry.parts.kafka, registry.prefix) as producer:
        await producer.send([Record(topic, gone.key, gone.value, gone.headers, gone.timestamp_ms)])

    printed = await node(pytestconfig.rootpath, registry.parts.kafka, topic, "2")

    told, untold = map(json.loads, printed.splitlines())
    assert told["key"] == untold["key"] == str(enterprise.id)
    assert json.loads(told["value"])["trade_name"] == "Kopi “Nyai Ontosoroh”"
    assert told["headers"]["ce_type"] == event.type
    assert told["headers"]["ce_id"] == str(event.id)
    assert untold["value"] is None


async def node(root: Path, *words: str) -> str:
    """Install what the lock names, running none of its scripts, and run the reader."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.fail(_MISSING)
    installed = root / _INSTALLED
    shutil.copytree(_PROGRAM, installed, dirs_exist_ok=True)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    await run(npm, "ci", "--prefix", str(installed), *quiet)
    return await run(program, str(installed / "reader.js"), *words)
