"""Traces: to OTLP, with the listed attributes only.

The instrumentation of the web framework and of the database puts addresses, statements and the
messages of errors into spans; so a span is made anew, on its way out, of what it may tell.
"""

from collections.abc import Sequence
from typing import Final

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.propagators.textmap import CarrierT, Getter, default_getter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from shared.telemetry.keys import SPAN_KEYS
from shared.telemetry.kinds import Said, span_name

_EXPORT_DEADLINE: Final = 5
_MILLIS: Final = 1_000


def start(resource: Resource, endpoint: str) -> None:
    """Export the spans of this process to an address of OTLP over HTTP."""
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=_EXPORT_DEADLINE)
    provider.add_span_processor(BatchSpanProcessor(OnlyListed(exporter)))
    trace.set_tracer_provider(provider)
    propagate.set_global_textmap(OnlyTraceparent())
    # It asks for an older SQLAlchemy than ours, and works: tests/shared/test_traces.py.
    SQLAlchemyInstrumentor().instrument(skip_dep_check=True, meter_provider=NoOpMeterProvider())


def stop() -> None:
    """Export what is left, and then no more."""
    used = trace.get_tracer_provider()
    if isinstance(used, TracerProvider):
        used.shutdown()


class OnlyTraceparent(TraceContextTextMapPropagator):
    """Takes over a caller's trace; not its tracestate and baggage, which are free text."""

    def extract(
        self,
        carrier: CarrierT,
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,
    ) -> Context:
        """Read the one header."""
        sent = getter.get(carrier, "traceparent") or []
        return super().extract({"traceparent": list(sent)}, context)


class OnlyListed(SpanExporter):
    """Hands on what the list allows."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the spans, each made anew."""
        return self._exporter.export([_listed(span) for span in spans])

    def shutdown(self) -> None:
        """Send what is left."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = _EXPORT_DEADLINE * _MILLIS) -> bool:
        """Send what is waiting."""
        return self._exporter.force_flush(timeout_millis)


def _listed(span: ReadableSpan) -> ReadableSpan:
    attributes = _attributes(span.attributes)
    return ReadableSpan(
        name=_name(span, attributes),
        context=_anonymous(span.context) if span.context else None,
        parent=_anonymous(span.parent) if span.parent else None,
        resource=span.resource,
        attributes=attributes,
        events=[
            Event(event.name, _attributes(event.attributes), event.timestamp)
            for event in span.events
            if event.name == "exception"
        ],
        links=[Link(_anonymous(link.context)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Attributes) -> dict[str, Said]:
    kept = {}
    for key, value in (attributes or {}).items():
        kind = SPAN_KEYS.get(key)
        if kind and (said := kind(value)) is not None:
            kept[key] = said
    return kept


def _name(span: ReadableSpan, attributes: dict[str, Said]) -> str:
    """The name that the conventions give it; a request's is made of what is admitted of it."""
    if span.kind is SpanKind.SERVER:
        words = attributes.get("http.request.method", "HTTP"), attributes.get("http.route")
        return " ".join(str(word) for word in words if word)
    return str(span_name(span.name) or span.kind.name.lower())


def _anonymous(context: SpanContext) -> SpanContext:
    """The same place in the trace, without what a caller may have written beside it."""
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)
