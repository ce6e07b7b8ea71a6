"""What a worker counts and measures follows what is so, and tells of nobody."""

import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import orjson
import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExporter, MetricsData
from opentelemetry.sdk.resources import Resource

from deploy.local.ports import free_ports
from shared.events.examples import example_of
from shared.events.facilities import TenancyState
from shared.streams.codec import to_binary
from shared.streams.direct import connected, elected
from shared.streams.kafka import Record
from shared.streams.relay import fence_of
from shared.telemetry.instruments import METER, OUTDATED, Reading
from shared.telemetry.keys import METRIC_KEYS
from shared.telemetry.metrics import OnlyListed, provider
from tests.support.builders import open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import a_row
from tests.support.otlp import Collector, attributes, collecting
from tests.support.processes import Program, environment_of
from tests.support.topics import speaking

INSTRUMENTS = {
    "messaging.client.sent.messages",
    "messaging.client.consumed.messages",
    "messaging.client.operation.duration",
    "messaging.process.duration",
    "sinergi.log.age",
    "sinergi.log.undelivered",
    "sinergi.delivery.lag",
    "sinergi.copy.lag",
    "sinergi.copy.behind",
    "sinergi.copy.delay",
    "sinergi.parked.keys",
    "sinergi.listener.held",
    "sinergi.listener.rebalances",
    "sinergi.listener.retries",
    "sinergi.audit.unsealed.age",
}
OUTAGE = (
    """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$""",
    'CREATE TRIGGER "full" BEFORE INSERT OR UPDATE ON tenancy_copy EXECUTE FUNCTION refuse()',
)
PERSON = "Kendhedhes"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def health() -> AsyncIterator[httpx.AsyncClient]:
    """Who asks that worker how it is."""
    [port] = free_ports(1)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/health") as client:
        yield client


@pytest.fixture
async def told(
    registry: Ecosystem,
    topics: None,  # noqa: ARG001
    tmp_path: Path,
    health: httpx.AsyncClient,
) -> AsyncIterator[Collector]:
    """What a registry's worker tells for as long as the test."""
    with collecting() as collector:
        settings = registry.settings("registry", "worker", otlp_endpoint=collector.url)
        environment = {"OTEL_METRIC_EXPORT_INTERVAL": "100", **environment_of(settings)}
        command = ["tests.shared.watched_service", "worker", "--port", str(health.base_url.port)]
        with Program(tmp_path / "worker.log", command, environment):
            yield collector


async def test_the_gauges_rise_and_fall_with_what_waits_is_held_and_is_parked(
    registry: Ecosystem, told: Collector, health: httpx.AsyncClient
) -> None:
    await _nobody_sends(registry, told)
    await _a_key_is_parked(registry, told)
    await _a_partition_is_held(registry, told, health)

    rows = [attributes(row) for metric in told.metrics.values() for row in metric]
    assert told.metrics.keys() == INSTRUMENTS
    assert {key for row in rows for key in row} <= METRIC_KEYS.keys()
    assert not any(PERSON.encode() in body for body in told.bodies)


async def _nobody_sends(registry: Ecosystem, told: Collector) -> None:
    async with connected(registry.superuser_url("registry")) as rival:
        assert await elected(rival, fence_of("registry", registry.prefix))
        await open_batu(registry.database("registry"))
        waiting = await eventually(partial(_of, told, "sinergi.log.age"), 40)
        assert await _of(told, "sinergi.log.undelivered") == 1
        await eventually(partial(_more, told, "sinergi.log.age", waiting))
    await eventually(partial(_is, told, "sinergi.log.undelivered", 0))
    await eventually(partial(_is, told, "sinergi.log.age", 0))


async def _a_key_is_parked(registry: Ecosystem, told: Collector) -> None:
    await registry.rows("registry", "ALTER TABLE tenancy_copy ADD CONSTRAINT never CHECK (false)")
    async with speaking(registry) as speaker:
        await speaker.say(_tenancy(), Record(TenancyState.topic, b"?", PERSON.encode(), [], 0))
    await eventually(partial(_is, told, "sinergi.parked.keys", 1, state="retry"))
    await eventually(partial(_is, told, "sinergi.parked.keys", 1, state="dead"))
    assert await _of(told, "sinergi.parked.keys", state="fork") == 0
    await registry.rows("registry", "ALTER TABLE tenancy_copy DROP CONSTRAINT never")
    await eventually(partial(_is, told, "sinergi.parked.keys", 0, state="retry"))


async def _a_partition_is_held(
    registry: Ecosystem, told: Collector, health: httpx.AsyncClient
) -> None:
    for statement in OUTAGE:
        await registry.rows("registry", statement)
    async with speaking(registry) as speaker:
        await speaker.say(_tenancy(seq=2))
    await eventually(partial(_is, told, "sinergi.listener.held", 1))
    await eventually(partial(_is, told, "sinergi.copy.behind", 1))
    await eventually(partial(_more, told, "sinergi.copy.lag", 0))
    live, ready = await health.get("/live"), await health.get("/ready")
    [(place, hold)] = live.json()["held"].items()
    assert place.startswith(f"{registry.prefix}{TenancyState.topic}/")
    assert (hold["reason"], live.status_code, ready.status_code) == ("DBAPIError", 200, 200)
    await registry.rows("registry", 'DROP TRIGGER "full" ON tenancy_copy')
    await eventually(partial(_is, told, "sinergi.copy.behind", 0))
    await eventually(partial(_is, told, "sinergi.copy.lag", 0))
    await eventually(partial(_is, told, "sinergi.listener.held", 0))
    await eventually(partial(_rows, told, "sinergi.copy.delay"))


def test_an_attribute_that_is_not_listed_goes_nowhere_and_neither_does_a_strange_value() -> None:
    reader = InMemoryMetricReader()
    metering = provider(Resource.get_empty(), reader)
    ours, library = metering.get_meter(METER), metering.get_meter("library")
    topic, state = "messaging.destination.name", "sinergi.parked.state"

    ours.create_counter("sinergi.one").add(1, {topic: "registry.unit.v1", "person": PERSON})
    ours.create_counter("sinergi.two").add(1, {state: f"{PERSON} of Batu"})
    library.create_counter("library.count").add(1, {topic: PERSON})
    exporter = Kept()
    found = reader.get_metrics_data()
    assert found is not None
    OnlyListed(exporter).export(found)

    assert PERSON not in exporter.text
    assert "registry.unit.v1" in exporter.text
    assert "library.count" not in exporter.text


def test_operating_says_of_every_instrument_when_to_worry() -> None:
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")

    assert not [name for name in INSTRUMENTS if f"`{name}`" not in page]


def test_a_number_that_was_read_long_ago_is_no_longer_told(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("shared.telemetry.instruments.time.monotonic", lambda: now[0])
    reading = Reading("sinergi.test.reading", "s", "Of this test.")
    reading.found(3, {"sinergi.service": "registry"})

    before = [one.value for one in reading.told()]
    now[0] += OUTDATED

    assert (before, reading.told()) == ([3], [])


class Kept(MetricExporter):
    """Keeps what it is given as text."""

    text = ""

    def export(self, metrics_data: MetricsData, *_: object, **__: object) -> None:  # type: ignore[override]
        """Keep it."""
        self.text += metrics_data.to_json()

    def shutdown(self, *_: object, **__: object) -> None:
        """Do nothing."""

    def force_flush(self, *_: object, **__: object) -> bool:
        """Do nothing."""
        return True


def _tenancy(seq: int = 1) -> Record:
    document = example_of(TenancyState, min(TenancyState.verbs))
    row = a_row(topic=TenancyState.topic, type=document["type"], key=document["subject"], seq=seq)
    return to_binary(row | {"data": orjson.dumps(document["data"]).decode()})


async def _of(told: Collector, name: str, state: str | None = None) -> float | None:
    for row in told.metrics.get(name, []):
        if attributes(row).get("sinergi.parked.state") == state:
            return row.as_double or row.as_int
    return None


async def _rows(told: Collector, name: str) -> int:
    return len(told.metrics.get(name, []))


async def _more(told: Collector, name: str, than: float) -> bool:
    return (await _of(told, name) or 0) > than


async def _is(told: Collector, name: str, value: float, state: str | None = None) -> bool:
    return await _of(told, name, state) == value


def test_an_end_does_not_wait_for_a_collector_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        program = (
            "import time; from shared import telemetry; telemetry._LAST_EXPORT = 0.3;"
            f"telemetry.start('test', '{address}');"
            "from shared.telemetry.instruments import REBALANCES; REBALANCES.add(1);"
            "began = time.monotonic(); telemetry.stop(); print(time.monotonic() - began)"
        )
        ended = subprocess.run(  # noqa: S603 (our own words)
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
        )
        silent.settimeout(1)
        silent.accept()[0].close()

    assert 0.3 <= float(ended.stdout) < 2
