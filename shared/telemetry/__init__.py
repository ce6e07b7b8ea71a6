"""Logs as JSON lines, traces to OTLP when an address is set; neither tells of a person.

Both tell what is on a list, and nothing else: `shared.telemetry.keys`.
"""

from shared.telemetry import logs, traces


def start(service: str, otlp_endpoint: str | None) -> None:
    """Set up the process, once, at its entry point; nothing is exported without an address."""
    logs.start()
    if otlp_endpoint is not None:
        traces.start(service, otlp_endpoint)
