"""Logs as JSON lines; traces and metrics to OTLP when an address is set; none tells of a person.

They tell what is on a list, and nothing else: `shared.telemetry.keys`.
"""

from uuid import uuid4

from opentelemetry.sdk.resources import Resource

from shared.telemetry import logs, metrics, traces


def start(service: str, otlp_endpoint: str | None) -> None:
    """Set up the process, once, at its entry point; nothing is exported without an address."""
    logs.start()
    if otlp_endpoint is not None:
        # Without an id of their own, two processes of one service would overwrite each other.
        this = {"service.name": service, "service.instance.id": str(uuid4())}
        resource, address = Resource.create(this), otlp_endpoint.rstrip("/")
        traces.start(resource, address)
        metrics.start(resource, address)
