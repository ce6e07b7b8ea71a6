"""Logs as JSON lines; traces and metrics to OTLP when an address is set; none tells of a person.

They tell what is on a list, and nothing else: `shared.telemetry.keys`.
"""

import time
from threading import Thread
from typing import Final
from uuid import uuid4

from opentelemetry.sdk.resources import Resource

from shared.telemetry import logs, metrics, traces

_LAST_EXPORT: Final = 6.0
"""Seconds; one attempt to send may take five."""


def start(service: str, otlp_endpoint: str | None) -> None:
    """Set up the process, once, at its entry point; nothing is exported without an address."""
    logs.start()
    if otlp_endpoint is not None:
        # Without an id of their own, two processes of one service would overwrite each other.
        this = {"service.name": service, "service.instance.id": str(uuid4())}
        resource, address = Resource.create(this), otlp_endpoint.rstrip("/")
        traces.start(resource, address)
        metrics.start(resource, address)


def stop() -> None:
    """Send what is left, traces and metrics at once; what cannot be sent in six seconds is lost.

    To be called when nothing counts or traces any more: no later export comes.
    """
    deadline = time.monotonic() + _LAST_EXPORT
    threads = [Thread(target=end, daemon=True) for end in (traces.stop, metrics.stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
