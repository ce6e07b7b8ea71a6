"""Takes topics away that nobody will ask for again."""

import asyncio
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient

_DEADLINE = 20.0


async def remove_topics(kafka: str, names: Sequence[str]) -> None:
    """Delete the topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    async with asyncio.timeout(_DEADLINE):
        await admin.start()
        try:
            await admin.delete_topics(list(names))
        finally:
            await admin.close()
