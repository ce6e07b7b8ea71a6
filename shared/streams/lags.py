"""How far copies are behind their topics: in events, and in the time of the events."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.streams.copies import Copy
from shared.streams.kafka import Consumer, Message, TopicPartition


@dataclass(frozen=True, slots=True)
class Lag:
    """Of one copy: events not taken in, how old what they changed is, and partitions held."""

    events: int = 0
    seconds: float = 0.0
    held: int = 0


class Lags:
    """Remembers how far each partition was taken in, by the time of its events."""

    def __init__(self) -> None:
        self._reached: dict[TopicPartition, float] = {}

    def reached(self, place: TopicPartition, record: Message) -> None:
        """Note the first record that is not taken in yet, or the newest that is."""
        self._reached[place] = record.timestamp / 1000

    async def of(
        self,
        consumer: Consumer,
        topics: Mapping[str, Copy[Any]],
        held: Collection[TopicPartition],
    ) -> dict[str, Lag]:
        """The lag by topic; a partition without a record to come has none, however old it is.

        Raises KafkaError, TimeoutError or OSError when the brokers cannot be asked now.
        """
        lags = {copy.state.topic: Lag() for copy in topics.values()}
        now = time.time()
        for place, events in (await consumer.lags()).items():
            topic = topics[place.topic].state.topic
            age = now - self._reached.get(place, now) if events else 0.0
            so_far = lags[topic]
            lags[topic] = Lag(
                so_far.events + events,
                max(so_far.seconds, age),
                so_far.held + (place in held),
            )
        return lags
