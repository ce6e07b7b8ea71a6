"""How far each service's copies are behind the topics that they follow."""

import asyncio
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.announcements import UNREACHABLE
from deploy.local.services import module
from shared.streams.kafka.deadlines import stop

_ANSWER_S: Final = 5.0

Lags = dict[str, int | None]
"""By topic: how many records of it are not taken in; None when it cannot be found out."""


async def kafka_answers(kafka: str) -> bool:
    """Tell whether a broker answers within seconds."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=int(_ANSWER_S * 1000))
    try:
        async with asyncio.timeout(_ANSWER_S):
            await admin.start()
            await admin.describe_cluster()
    except UNREACHABLE:
        return False
    finally:
        await stop(admin)
    return True


async def lags(kafka: str, services: Sequence[str]) -> dict[str, Lags]:
    """Return the lag of each copy of each service; nothing for one that keeps no copies."""
    followed = {service: _followed(service) for service in services}
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=int(_ANSWER_S * 1000))
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None)
    try:
        async with asyncio.timeout(_ANSWER_S):
            await admin.start()
            await consumer.start()
            return {
                service: {topic: await _lag(admin, consumer, service, topic) for topic in topics}
                for service, topics in followed.items()
            }
    except UNREACHABLE:
        return {service: dict.fromkeys(topics) for service, topics in followed.items()}
    finally:
        await stop(consumer)
        await stop(admin)


def _followed(service: str) -> list[str]:
    if find_spec(f"services.{service}.copies") is None:
        return []
    return [copy.state.topic for copy in module(service, "copies").COPIES]


async def _lag(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, group: str, topic: str
) -> int | None:
    [described] = await admin.describe_topics([topic])
    places = [TopicPartition(topic, part["partition"]) for part in described["partitions"]]
    if not places:
        return None
    ends = await consumer.end_offsets(places)
    first = await consumer.beginning_offsets(places)
    committed = await admin.list_consumer_group_offsets(group, partitions=places)
    if len(committed) < len(places):  # whoever keeps the group's offsets is still loading them
        return None
    done = {place: told.offset for place, told in committed.items()}
    return behind(ends, first, done)


def behind(
    ends: Mapping[TopicPartition, int],
    first: Mapping[TopicPartition, int],
    done: Mapping[TopicPartition, int],
) -> int:
    """Add up what is left of each partition; one without a committed offset has all to go."""
    return sum(end - max(first[place], done.get(place, 0)) for place, end in ends.items())
