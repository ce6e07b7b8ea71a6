"""One operation on Kafka as a span and as a duration (OpenTelemetry semantic conventions).

A span has links to the requests in which its events were created. One trace per event that lasts
for hours would help nobody, so a batch has a span of its own.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from opentelemetry import trace
from opentelemetry.metrics import Histogram
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.telemetry.failures import class_name

_tracer = trace.get_tracer("sinergi.streams")
_propagator = TraceContextTextMapPropagator()
_LINKS: Final = 64

Said = dict[str, str]


def operation(name: str, kind: str, topics: Iterable[str], **more: str) -> Said:
    """What the spans and the numbers of an operation say of it alike.

    A batch of one topic is called by it; for one of several there is no name.
    """
    said = {"messaging.system": "kafka", "messaging.operation.name": name}
    said |= {"messaging.operation.type": kind, **more}
    match list(islice(topics, 2)):
        case [topic]:
            said["messaging.destination.name"] = topic
    return said


def of_topic(said: Mapping[str, str], topic: str) -> Said:
    """The same, of one topic among several."""
    return {**said, "messaging.destination.name": topic}


@contextmanager
def measured(
    said: Said,
    kind: SpanKind,
    duration: Histogram,
    origins: Sequence[str | None],
    began: int | None = None,
) -> Iterator[Span]:
    """The span of an operation and its duration, also when it fails; there is an origin per event.

    `began` is when, in nanoseconds of the epoch, if not now.
    """
    words = said["messaging.operation.name"], said.get("messaging.destination.name")
    started = time.time_ns() if began is None else began
    error: dict[str, str] = {}
    with _tracer.start_as_current_span(
        " ".join(filter(None, words)),
        kind=kind,
        links=_links(origins),
        attributes={**said, "messaging.batch.message_count": len(origins)},
        start_time=started,
    ) as span:
        try:
            yield span
        except BaseException as failure:
            error = {"error.type": class_name(failure)}
            span.set_attributes(error)
            raise
        finally:
            duration.record((time.time_ns() - started) / 1e9, {**said, **error})


def _links(origins: Sequence[str | None]) -> list[Link]:
    links = []
    for traceparent in dict.fromkeys(filter(None, origins[: _LINKS * 4])):
        context = _propagator.extract({"traceparent": traceparent})
        links.append(Link(trace.get_current_span(context).get_span_context()))
    return links[:_LINKS]
