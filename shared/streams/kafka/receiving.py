"""What is told of each batch that the brokers delivered."""

from collections import Counter
from collections.abc import Iterable, Sequence

from opentelemetry.trace import SpanKind

from shared.streams.kafka.records import Message
from shared.telemetry.instruments import CONSUMED, OPERATION
from shared.telemetry.messaging import measured, of_topic, operation


def received(group: str, batches: Iterable[Sequence[Message]], began: int) -> None:
    """Tell of a look at the brokers that brought something; a look in vain is nothing to tell.

    `began` is when it did, in nanoseconds of the epoch.
    """
    records = [record for batch in batches for record in batch]
    topics = Counter(record.topic for record in records)
    origins = [_origin(record) for record in records]
    said = operation("poll", "receive", topics, **{"messaging.consumer.group.name": group})
    with measured(said, SpanKind.CLIENT, OPERATION, origins, began):
        for topic, number in topics.items():
            CONSUMED.add(number, of_topic(said, topic))


def _origin(record: Message) -> str | None:
    sent = next((value for name, value in record.headers if name == "traceparent"), None)
    return sent.decode("ascii", "replace") if sent else None
