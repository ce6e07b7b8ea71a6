"""What leaves a service as a trace says where and how long, and nothing that was sent."""

from functools import partial
from pathlib import Path

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    StatusCode,
    TraceFlags,
    TraceState,
)

from deploy.local.ports import free_ports
from shared.events import EnterpriseState
from shared.telemetry.keys import METRIC_KEYS, SPAN_KEYS
from shared.telemetry.traces import OnlyListed
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.otlp import Collector, attributes, collecting
from tests.support.processes import Program, environment_of

PERSON = "Kendhedhes"
TRACE = "0af7651916cd43dd8448eb211c80319c"
STRANGE = {
    "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
    "tracestate": f"vendor={PERSON}",
    "baggage": f"person={PERSON}",
    "user-agent": PERSON,
    "idempotency-key": "key-1",
}
SEEN = {
    ("POST /api/registry/v1/enterprises", 201),
    ("GET /api/registry/v1/enterprises", 200),
    ("GET /api/registry/v1/enterprises", 400),
    ("GET /api/registry/v1/enterprises/{enterprise_id}", 422),
    ("GET /api/registry/v1/enterprises/{enterprise_id}", 500),
    ("_OTHER /api/registry/v1/enterprises", 405),
    ("GET", 404),
}
# The server ends a connection on which it met a fault.
ANEW = httpx.Limits(max_keepalive_connections=0)
FAULT = "pydantic_core._pydantic_core.ValidationError"


@pytest.fixture
async def exported(registry: Ecosystem, tmp_path: Path) -> Collector:
    """What an api has exported of good requests, bad ones and one that meets a fault."""
    await open_batu(registry.database("registry"))
    (port,) = free_ports(1)
    with collecting() as collector:
        settings = registry.settings("registry", otlp_endpoint=collector.url)
        # Not soon: what is told is told because it was told to end.
        late = {"OTEL_BSP_SCHEDULE_DELAY": "600000", "OTEL_METRIC_EXPORT_INTERVAL": "600000"}
        environment = {**late, **environment_of(settings)}
        command = ["services.registry", "api", "--port", str(port)]
        token = {"Authorization": f"Bearer {registry.issuer.token('operator')}", **STRANGE}
        url = f"http://127.0.0.1:{port}/api/registry"
        with Program(tmp_path / "api.log", command, environment):
            async with httpx.AsyncClient(
                base_url=url, headers=token, timeout=15, limits=ANEW
            ) as client:
                await eventually(partial(_answers, client), 60)
                await _ask(registry, client)
    return collector


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


async def _ask(registry: Ecosystem, client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/enterprises", json=an_enterprise())
    await client.get("/v1/enterprises", params={"name": PERSON})
    await client.get("/v1/enterprises", params={PERSON: PERSON})
    await client.get(f"/v1/enterprises/{PERSON}")
    await client.get(f"/{PERSON}")
    await client.request("PROPFIND", "/v1/enterprises")
    await registry.rows("registry", "UPDATE enterprise SET size_class = $1", PERSON)
    await client.get(f"/v1/enterprises/{made.json()['id']}")


async def test_what_is_told_is_which_operation_and_how_it_ended_and_nothing_that_was_sent(
    exported: Collector, registry: Ecosystem
) -> None:
    spans = exported.spans
    durations = [attributes(row) for row in exported.metrics["http.server.request.duration"]]

    requests = [span for span in spans if span.kind == Span.SpanKind.SPAN_KIND_SERVER]
    assert {
        (span.name, attributes(span).get("http.response.status_code")) for span in requests
    } == SEEN
    assert {span.trace_id.hex() for span in requests} == {TRACE}
    assert any(span.name.startswith("INSERT") for span in spans)
    assert not any(PERSON.lower().encode() in body.lower() for body in exported.bodies)
    assert {key for span in spans for key in attributes(span)} <= SPAN_KEYS.keys()
    assert {key for row in durations for key in row} <= METRIC_KEYS.keys()
    assert {row.get("http.response.status_code") for row in durations} == {
        status for _, status in SEEN
    }
    assert {(span.trace_state, span.status.message) for span in spans} == {("", "")}
    assert {attributes(span).get("error.type") for span in requests} == {None, FAULT}
    [logged] = await registry.rows(
        "registry",
        "SELECT traceparent, tracestate FROM event_log WHERE topic = $1",
        EnterpriseState.topic,
    )
    assert (logged["traceparent"].split("-")[1], logged["tracestate"]) == (TRACE, None)


def test_a_span_is_made_anew_of_what_is_listed() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(OnlyListed(exporter)))
    state, sampled = TraceState([("vendor", PERSON)]), TraceFlags(TraceFlags.SAMPLED)
    stranger = SpanContext(1, 1, is_remote=True, trace_flags=sampled, trace_state=state)

    span = provider.get_tracer("test").start_span(
        f"find {PERSON} in it",
        trace.set_span_in_context(NonRecordingSpan(stranger)),
        attributes={"db.name": "registry", "db.statement": PERSON, "http.route": f"/{PERSON}"},
        links=[Link(stranger, {"person": PERSON})],
    )
    span.add_event(PERSON)
    span.record_exception(ValueError(PERSON))
    span.set_status(StatusCode.ERROR, PERSON)
    span.end()

    (made,) = exporter.get_finished_spans()
    assert PERSON not in made.to_json()
    assert made.name == "internal"
    assert dict(made.attributes or {}) == {"db.name": "registry"}
    (event,) = made.events
    assert dict(event.attributes or {}) == {"exception.type": "ValueError"}
    assert made.status.status_code is StatusCode.ERROR
