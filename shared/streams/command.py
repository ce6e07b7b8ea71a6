"""What a service's own program does with its events, for where the `sinergi` command is not."""

import sys
from typing import Final

import asyncpg

from shared.settings import ServiceSettings
from shared.streams.republishing import republish

_CANNOT: Final = 2


async def republished(settings: ServiceSettings) -> int:
    """Have the log sent again, and tell how much it was; return 0, 2 when it cannot be done."""
    try:
        count = await republish(
            settings.database_url, settings.service, _show, settings.topic_prefix
        )
    except (OSError, asyncpg.PostgresError) as failure:
        sys.stderr.write(f"The database cannot be asked ({type(failure).__name__}).\n")
        return _CANNOT
    sys.stdout.write(f"{count:,} events are on Kafka again\n")
    return 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} of {total:,} events" + "\n" * (done == total))
