"""One trace leads from the request over the log and the topic to whoever heard of it."""

from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.topics import messages


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    """Every span of this process while this module is tested; a provider can be set only once."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    exporter.shutdown()


def _spans(exporter: InMemorySpanExporter, kind: SpanKind, name: str) -> list[ReadableSpan]:
    return [s for s in exporter.get_finished_spans() if s.kind is kind and s.name.startswith(name)]


def _linked(spans: list[ReadableSpan]) -> set[int]:
    return {link.context.trace_id for span in spans for link in span.links}


async def test_a_request_is_followed_to_the_topic_and_into_the_copy(
    ecosystem: Ecosystem, exporter: InMemorySpanExporter
) -> None:
    await open_batu(ecosystem.database("registry"))
    await ecosystem.work("registry", "mentoring")
    client = await ecosystem.client("registry", otlp_endpoint="http://127.0.0.1:9")
    exporter.clear()

    answer = await client.post("/enterprises", json=an_enterprise(), headers=a_key())

    enterprise_id = answer.json()["id"]
    mentoring = await ecosystem.client("mentoring")
    await eventually(partial(_known, mentoring, enterprise_id))
    (request,) = [s for s in _spans(exporter, SpanKind.SERVER, "POST") if s.parent is None]
    assert request.context is not None
    trace_id = request.context.trace_id
    (record,) = [m for m in await messages(ecosystem) if m.key == enterprise_id.encode()]
    (logged,) = await ecosystem.rows(
        "registry", "SELECT traceparent FROM event_log WHERE key = $1", enterprise_id
    )
    headers = dict(record.headers)
    assert logged["traceparent"].split("-")[1] == trace.format_trace_id(trace_id)
    assert headers["ce_traceparent"] == headers["traceparent"] == logged["traceparent"].encode()
    assert trace_id in _linked(_spans(exporter, SpanKind.CLIENT, "send"))
    assert trace_id in _linked(_spans(exporter, SpanKind.CLIENT, "poll"))
    processed = _spans(exporter, SpanKind.CONSUMER, "process registry.")
    assert trace_id in _linked(processed)
    assert all(span.context and span.context.trace_id != trace_id for span in processed)


async def _known(client: httpx.AsyncClient, enterprise_id: str) -> bool:
    return (await client.get(f"/enterprises/{enterprise_id}")).is_success
