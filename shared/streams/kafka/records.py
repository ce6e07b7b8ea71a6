"""What goes to Kafka and comes from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aiokafka import ConsumerRecord

Headers = Sequence[tuple[str, bytes | None]]
"""Names and values; what others write may leave a value out."""

Message: TypeAlias = ConsumerRecord[bytes, bytes]
"""One record as a consumer reads it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message for a topic; a null value is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers
    timestamp_ms: int
