"""How long Kafka may take to answer, and how to leave it when it does not."""

import asyncio
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

REQUEST_DEADLINE: Final = 10.0
"""Seconds for one request."""


async def stop(client: AIOKafkaConsumer | AIOKafkaAdminClient) -> None:
    """Leave, without waiting for ever and whatever comes of it.

    aiokafka's own stop has no deadline, and it lets out the CancelledError of tasks that it has
    cancelled itself; in our task that would pass for an order to end.
    """
    close = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
    leaving = asyncio.wait_for(close(), REQUEST_DEADLINE)
    await asyncio.gather(leaving, return_exceptions=True)
