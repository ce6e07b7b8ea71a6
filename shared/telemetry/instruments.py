"""Everything that is counted and measured, with its name, its unit and what it means.

Names, units and buckets are those of the OpenTelemetry semantic conventions where these have any;
what is ours begins with `sinergi.`. When to worry about which: docs/operating.md.
"""

import time
from collections.abc import Mapping
from typing import Final, Literal

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

OUTDATED: Final = 60.0
"""Seconds after which what was read is no longer told: better no number than an old one."""
_DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_LAGS: Final = (*_DURATIONS, 30, 60, 300, 1_800, 3_600)
METER: Final = "sinergi"
_meter = metrics.get_meter(METER)


class Reading:
    """A gauge that is read now and then, and told for as long as it may still be true."""

    def __init__(self, name: str, unit: str, description: str) -> None:
        self._found: dict[tuple[tuple[str, str], ...], tuple[float, float]] = {}
        _meter.create_observable_gauge(name, [self.told], unit, description)

    def found(self, value: float, attributes: Mapping[str, str]) -> None:
        """Note what was read just now."""
        self._found[tuple(sorted(attributes.items()))] = value, time.monotonic()

    def told(self, _: CallbackOptions | None = None) -> list[Observation]:
        """What is told now, which another thread asks for while the loop may go on reading."""
        now = time.monotonic()
        return [
            Observation(value, dict(attributes))
            for attributes, (value, at) in list(self._found.items())
            if now - at < OUTDATED
        ]


SENT = _meter.create_counter(
    "messaging.client.sent.messages", "{message}", "Events sent to the brokers."
)
CONSUMED = _meter.create_counter(
    "messaging.client.consumed.messages", "{message}", "Events that the brokers delivered."
)
OPERATION = _meter.create_histogram(
    "messaging.client.operation.duration",
    "s",
    "Duration of sending a batch, or of asking for one that came.",
    explicit_bucket_boundaries_advisory=_DURATIONS,
)
PROCESS = _meter.create_histogram(
    "messaging.process.duration",
    "s",
    "Duration of taking in a batch, to the commit.",
    explicit_bucket_boundaries_advisory=_DURATIONS,
)
LOG_AGE = Reading("sinergi.log.age", "s", "Age of the oldest event that is not in its topic yet.")
LOG_UNDELIVERED = Reading("sinergi.log.undelivered", "{event}", "Events that wait for the relay.")
DELIVERY_LAG = _meter.create_histogram(
    "sinergi.delivery.lag",
    "s",
    "From the moment of an event until the brokers hold it; the oldest of each batch and topic.",
    explicit_bucket_boundaries_advisory=_LAGS,
)
COPY_LAG = Reading("sinergi.copy.lag", "s", "How old the state is that a copy is behind; 0: none.")
COPY_BEHIND = Reading("sinergi.copy.behind", "{event}", "Events of a topic not taken in yet.")
COPY_DELAY = _meter.create_histogram(
    "sinergi.copy.delay",
    "s",
    "From the moment of an event until a copy has it; the oldest of each batch.",
    explicit_bucket_boundaries_advisory=_LAGS,
)
PARKED_KEYS = Reading("sinergi.parked.keys", "{key}", "Keys with an event that was parked.")
LISTENER_HELD = Reading(
    "sinergi.listener.held", "{partition}", "Partitions that wait for an outage to end."
)
REBALANCES = _meter.create_counter(
    "sinergi.listener.rebalances", "{rebalance}", "Times that partitions were assigned anew."
)
_RETRIES = _meter.create_counter(
    "sinergi.listener.retries", "{retry}", "Times that an event which failed is tried again."
)
AUDIT_UNSEALED_AGE = Reading(
    "sinergi.audit.unsealed.age", "s", "Age of the oldest entry of the audit trail without a seal."
)


def tried_again(topic: str, origin: Literal["batch", "hold", "parking"]) -> None:
    """Count an event that failed before: tried again in its batch, after a hold, or once parked."""
    _RETRIES.add(1, {"messaging.destination.name": topic, "sinergi.retry.from": origin})
