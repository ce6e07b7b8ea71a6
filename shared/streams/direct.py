"""A connection of one's own, past every pooler: for locks that live as long as it, and the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_CONNECT_DEADLINE = 2.0
_COMMAND_DEADLINE = 30.0

# A generic plan reads a log 100 times slower. So does a scan of the whole log, which is what one
# without statistics gets, as after a restore or a large import. A process that was frozen loses its
# connection, and with it its locks, after half a minute.
_SETTINGS = {
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    "enable_seqscan": "off",
    "max_parallel_workers_per_gather": "0",
    "idle_session_timeout": "30s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


@asynccontextmanager
async def connected(url: str, **settings: str) -> AsyncIterator[Connection]:
    """Be connected to the database itself, with further settings if need be, until the block ends.

    What the block had begun and not committed is rolled back, and its locks are given up.
    """
    connection = await asyncpg.connect(
        url,
        timeout=_CONNECT_DEADLINE,
        command_timeout=_COMMAND_DEADLINE,
        server_settings=_SETTINGS | settings,
    )
    try:
        yield connection
    finally:
        connection.terminate()


async def elected(connection: Connection, office: str) -> bool:
    """Whether this connection now holds an office that one at a time may hold, in this database."""
    held: bool = await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", office)
    return held
