"""Events as people read them: the newest ones of every topic, and each new one as it comes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.labels import label
from shared.events import STATES
from shared.streams.codec import EnvelopeError, Event, from_binary

_ANSWER_S = 10.0
_POLL_MS = 500
UNREACHABLE = (OSError, KafkaError, AssertionError)
"""What a Kafka that is not there comes to; the last the client lets out when a broker leaves."""
_STATES = {state.topic: state for state in STATES}


@dataclass(frozen=True)
class Announcement:
    """One event, short enough for a line."""

    id: str
    topic: str
    type: str
    key: str
    time: datetime
    sequence: int
    data: dict[str, Any] | None
    """The whole public state, None when the aggregate is gone."""

    @property
    def service(self) -> str:
        """Who says it."""
        return self.topic.partition(".")[0]

    @property
    def what(self) -> str:
        """What happened to what: `enterprise registered`."""
        aggregate, verb = self.type.split(".")[-3:-1]
        return f"{aggregate} {verb}"

    @property
    def unit(self) -> str:
        """The id of the centre it belongs to, empty when it belongs to none."""
        return str((self.data or {}).get("unit_id", ""))

    @property
    def label(self) -> str:
        """What it is about, in a few words."""
        return label(self.topic, self.data)


def read(record: Any, prefix: str = "") -> Announcement | None:  # noqa: ANN401 (untyped client)
    """Return the event of a record, None when it is not one that we know."""
    state = _STATES.get(record.topic.removeprefix(prefix))
    if state is None:
        return None
    try:
        return _announcement(from_binary(state, record.key, record.value, record.headers))
    except EnvelopeError:
        return None


def _announcement(event: Event[Any]) -> Announcement:
    return Announcement(
        id=str(event.id),
        topic=event.topic,
        type=event.type,
        key=event.key,
        time=event.time,
        sequence=event.seq,
        data=None if event.data is None else event.data.model_dump(mode="json"),
    )


class Reader:
    """Reads whole topics without a group, so that nobody's place in them is touched."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        """Read with a consumer that is started and assigned."""
        self._consumer = consumer

    async def poll(self) -> list[Any]:
        """Return what is new in the order of its time, nothing after half a second without."""
        async with asyncio.timeout(_ANSWER_S):
            fetched = await self._consumer.getmany(timeout_ms=_POLL_MS)
        records = (record for part in fetched.values() for record in part)
        return sorted(records, key=lambda record: int(record.timestamp))

    async def go_back(self, count: int | None = None) -> None:
        """Begin at most `count` records before the end of each partition, or with the oldest."""
        places = self._consumer.assignment()
        async with asyncio.timeout(_ANSWER_S):
            ends = await self._consumer.end_offsets(places)
            first = await self._consumer.beginning_offsets(places)
        # Not seek_to_beginning: the reset to the end that a fresh reader has asked for may win.
        self.go_to(
            {
                place: first[place] if count is None else max(first[place], end - count)
                for place, end in ends.items()
            }
        )

    def go_to(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Go on with these records."""
        for place, offset in offsets.items():
            self._consumer.seek(place, offset)


@asynccontextmanager
async def reading(kafka: str, topics: Sequence[str]) -> AsyncIterator[Reader]:
    """Open a reader of every partition of the topics, from their ends on."""
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=kafka,
        group_id=None,
        auto_offset_reset="latest",
        request_timeout_ms=int(_ANSWER_S * 1000),
    )
    try:
        async with asyncio.timeout(_ANSWER_S):
            await consumer.start()
        yield Reader(consumer)
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWER_S):
                await consumer.stop()
