"""`migrate` of a service's own program: what it keeps is made ready before it runs."""

import asyncio
import sys
from typing import Final

from shared.events import TOPICS
from shared.migrations import upgrade
from shared.migrations.roles import RolesMissing
from shared.settings import ServiceSettings
from shared.streams.kafka import ensure_topics

_CANNOT: Final = 2


def migrated(settings: ServiceSettings, partitions: int | None, replication: int) -> int:
    """Bring the tables to the newest revision, as the owner of the database.

    With a number of partitions, also create those of the service's topics that are missing.
    Return 0, or 2 when the database is not prepared for the service.
    """
    try:
        upgrade(settings.database_url, settings.service)
    except RolesMissing as refusal:
        sys.stderr.write(f"{refusal}\n")
        return _CANNOT
    if partitions:
        own = [topic for topic in TOPICS if topic.startswith(f"{settings.service}.")]
        names = [settings.topic_prefix + topic for topic in own]
        asyncio.run(
            ensure_topics(settings.brokers, names, partitions=partitions, replication=replication)
        )
    return 0
