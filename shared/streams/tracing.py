"""Spans for what is sent and heard; each links to the request in which its events were created.

One trace per event that lasts for hours would help nobody, so a batch has a span of its own with
links (OpenTelemetry semantic conventions for messaging).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_tracer = trace.get_tracer("sinergi.streams")
_propagator = TraceContextTextMapPropagator()
_LINKS = 64


def _links(origins: Sequence[str | None]) -> list[Link]:
    links = []
    for traceparent in dict.fromkeys(filter(None, origins[: _LINKS * 4])):
        context = _propagator.extract({"traceparent": traceparent})
        links.append(Link(trace.get_current_span(context).get_span_context()))
    return links[:_LINKS]


@contextmanager
def send_span(client: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
    """The span of one slice of the log on its way to Kafka."""
    attributes: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "send",
        "messaging.client.id": client,
        "messaging.batch.message_count": len(rows),
    }
    links = _links([row["traceparent"] for row in rows])
    with _tracer.start_as_current_span(
        "send", kind=SpanKind.PRODUCER, links=links, attributes=attributes
    ) as span:
        yield span


@contextmanager
def process_span(group: str, topic: str, origins: Sequence[str | None]) -> Iterator[Span]:
    """The span of one batch of heard events being made into a copy, and of the reactions to it."""
    attributes: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": topic,
        "messaging.consumer.group.name": group,
        "messaging.batch.message_count": len(origins),
    }
    with _tracer.start_as_current_span(
        f"process {topic}", kind=SpanKind.CONSUMER, links=_links(origins), attributes=attributes
    ) as span:
        yield span
