"""What is told of events on their way: of each slice that is sent, each batch that is taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from opentelemetry.trace import Span, SpanKind

from shared.streams.codec import Event
from shared.telemetry.instruments import COPY_DELAY, DELIVERY_LAG, OPERATION, PROCESS, SENT
from shared.telemetry.messaging import measured, of_topic, operation


@contextmanager
def send_span(client: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
    """The span of one slice of the log on its way to Kafka; leave it when the brokers have it all.

    The events name the requests that made them, and not this span, which is therefore a client's.
    """
    topics = Counter(row["topic"] for row in rows)
    said = operation("send", "send", topics)
    origins = [row["traceparent"] for row in rows]
    with measured(said, SpanKind.CLIENT, OPERATION, origins) as span:
        span.set_attribute("messaging.client.id", client)
        for topic, number in topics.items():
            SENT.add(number, of_topic(said, topic))
        yield span
    # The rows stand in the order of their ids, so the first of a topic is about its oldest.
    oldest = {row["topic"]: row["occurred_at"] for row in reversed(rows)}
    for topic, moment in oldest.items():
        DELIVERY_LAG.record(since(moment), {"messaging.destination.name": topic})


@contextmanager
def process_span(group: str, topic: str, events: Sequence[Event[Any]]) -> Iterator[Span]:
    """The span of one batch of heard events being made into a copy, and of the reactions to it.

    Leave it when that is committed.
    """
    said = operation("process", "process", [topic], **{"messaging.consumer.group.name": group})
    origins = [event.traceparent for event in events]
    with measured(said, SpanKind.CONSUMER, PROCESS, origins) as span:
        yield span
    if events:
        copy = {"messaging.consumer.group.name": group, "messaging.destination.name": topic}
        COPY_DELAY.record(since(min(event.time for event in events)), copy)


def since(moment: datetime) -> float:
    """Seconds from a moment until now; none when clocks differ."""
    return max(0.0, (datetime.now(UTC) - moment).total_seconds())
