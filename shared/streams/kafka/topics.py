"""Topics, created explicitly: compacted, with a number of partitions that is for ever."""

import asyncio
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.streams.kafka.brokers import Brokers, reach
from shared.streams.kafka.deadlines import REQUEST_DEADLINE, stop


async def ensure_topics(
    brokers: Brokers, names: Sequence[str], *, partitions: int, replication: int
) -> None:
    """Create the topics that are missing, compacted; the partition count is for ever.

    Raises the broker's error when one cannot be created.
    """
    settings = {"cleanup.policy": "compact", "min.compaction.lag.ms": str(30 * 24 * 3600 * 1000)}
    wanted = [NewTopic(name, partitions, replication, topic_configs=settings) for name in names]
    admin = AIOKafkaAdminClient(**reach(brokers))
    try:
        async with asyncio.timeout(REQUEST_DEADLINE):
            await admin.start()
            answer = await admin.create_topics(wanted)
    finally:
        await stop(admin)
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(name)
