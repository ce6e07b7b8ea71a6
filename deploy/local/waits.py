"""How old what a copy lags behind is: the age of the first event that it has not taken in."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.announcements import UNREACHABLE
from deploy.local.lags import Lags
from shared.streams.kafka.deadlines import stop

_ANSWER_S: Final = 5.0
_RECORD_MS: Final = 1_000
"""How long the first record of a partition may take; after compaction there may be none."""

Waits = dict[str, float | None]
"""By topic: seconds; 0 where there is no lag, None when it cannot be found out."""


async def waits(kafka: str, found: Mapping[str, Lags]) -> dict[str, Waits]:
    """Return the age for each lag of each service; Kafka is asked for those that there are."""
    ages: dict[str, Waits] = {
        service: {topic: 0.0 if lag == 0 else None for topic, lag in lags.items()}
        for service, lags in found.items()
    }
    late = [(service, topic) for service, lags in found.items() for topic in lags if lags[topic]]
    if not late:
        return ages
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=int(_ANSWER_S * 1000))
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None, enable_auto_commit=False)
    try:
        async with asyncio.timeout(_ANSWER_S):
            await admin.start()
            await consumer.start()
            for service, topic in late:
                ages[service][topic] = await _age(admin, consumer, service, topic)
    except UNREACHABLE:
        return ages
    finally:
        await stop(consumer)
        await stop(admin)
    return ages


async def _age(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, group: str, topic: str
) -> float | None:
    [described] = await admin.describe_topics([topic])
    places = [TopicPartition(topic, part["partition"]) for part in described["partitions"]]
    done = await admin.list_consumer_group_offsets(group, partitions=places)
    if len(done) < len(places):  # whoever keeps the group's offsets is still loading them
        return None
    ends, first = await consumer.end_offsets(places), await consumer.beginning_offsets(places)
    consumer.assign(places)
    left = set()
    for place in places:
        offset = max(first[place], done[place].offset)
        consumer.seek(place, min(offset, ends[place]))
        if offset < ends[place]:
            left.add(place)
    moments = []
    while left:
        fetched = await consumer.getmany(*left, timeout_ms=_RECORD_MS)
        if not fetched:
            break
        moments += [records[0].timestamp for records in fetched.values()]
        left -= fetched.keys()
    return max(0.0, time.time() - min(moments) / 1000) if moments else None
