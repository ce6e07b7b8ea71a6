"""A collector of OpenTelemetry data for tests: OTLP over HTTP, kept as bytes and as spans."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

_POLL = 0.05


@dataclass
class Collector:
    """Takes what is exported; `bodies` has every byte of it, uncompressed."""

    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What a service is told as its OTLP endpoint."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def spans(self) -> list[Span]:
        """Every span that was exported so far."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in [*self.bodies]]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @cached_property
    def server(self) -> ThreadingHTTPServer:
        """The server, on a port of its own."""
        return ThreadingHTTPServer(("127.0.0.1", 0), self._handler)

    @cached_property
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                packed = self.headers.get("Content-Encoding") == "gzip"
                bodies.append(gzip.decompress(body) if packed else body)
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


def attributes(of: Span | Span.Event) -> dict[str, object]:
    """The attributes of a span, or of an event in it."""
    return {pair.key: _value(pair) for pair in of.attributes}


def _value(pair: KeyValue) -> object:
    kind = pair.value.WhichOneof("value")
    return getattr(pair.value, kind) if kind else None
