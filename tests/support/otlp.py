"""A collector of OpenTelemetry data for tests: OTLP over HTTP, kept as bytes, spans and numbers."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

_POLL = 0.05

Row = NumberDataPoint | HistogramDataPoint
"""A number of one instrument and one set of attributes."""


@dataclass
class Collector:
    """Takes what is exported, and keeps every byte of it, uncompressed."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """The path that each was sent to, and what was sent."""

    @property
    def bodies(self) -> list[bytes]:
        """Every byte that was exported so far."""
        return [body for _, body in [*self.taken]]

    @property
    def url(self) -> str:
        """What a service is told as its OTLP endpoint."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def spans(self) -> list[Span]:
        """Every span that was exported so far."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self._of("/v1/traces")]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def metrics(self) -> dict[str, list[Row]]:
        """What was exported last of each instrument: its rows, one for each set of attributes."""
        requests = [
            ExportMetricsServiceRequest.FromString(body) for body in self._of("/v1/metrics")
        ]
        return {
            metric.name: _rows(metric)
            for request in requests
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def _of(self, path: str) -> list[bytes]:
        return [body for sent_to, body in [*self.taken] if sent_to == path]

    @cached_property
    def server(self) -> ThreadingHTTPServer:
        """The server, on a port of its own."""
        return ThreadingHTTPServer(("127.0.0.1", 0), self._handler)

    @cached_property
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                packed = self.headers.get("Content-Encoding") == "gzip"
                taken.append((self.path, gzip.decompress(body) if packed else body))
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector at work."""
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.server.shutdown()
        collector.server.server_close()


def _rows(metric: Metric) -> list[Row]:
    kind = metric.WhichOneof("data")
    return [*getattr(metric, kind).data_points] if kind else []


def attributes(of: Span | Span.Event | Row) -> dict[str, object]:
    """The attributes of a span, of an event in it, or of a row of numbers."""
    return {pair.key: _value(pair) for pair in of.attributes}


def _value(pair: KeyValue) -> object:
    kind = pair.value.WhichOneof("value")
    return getattr(pair.value, kind) if kind else None
