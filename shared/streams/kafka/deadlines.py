"""How long Kafka may take to answer, and how to leave it when it does not."""

import asyncio
from collections.abc import Awaitable
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

REQUEST_DEADLINE: Final = 10.0
"""Seconds for one request."""


async def stop(client: AIOKafkaConsumer | AIOKafkaAdminClient) -> None:
    """Leave, without waiting for ever and whatever comes of it.

    aiokafka's own stop has no deadline, and it lets out the CancelledError of tasks that it has
    cancelled itself; in our task that would pass for an order to end. Where it does not come to its
    end it leaves a task and connections behind, which are then closed one by one.
    """
    close = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
    if not await _ends(close()):
        fetcher = getattr(client, "_fetcher", None)
        if fetcher is not None:
            await _ends(fetcher.close())
        await _ends(client._client.close())  # noqa: SLF001 (the pinned private name)


async def _ends(closing: Awaitable[None]) -> bool:
    """Whether it came to its end in time, and by itself."""
    leaving = asyncio.wait_for(closing, REQUEST_DEADLINE)
    [outcome] = await asyncio.gather(leaving, return_exceptions=True)
    return outcome is None
