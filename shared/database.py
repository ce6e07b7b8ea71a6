"""One service's database, and the one place where a transaction commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy.ext.asyncio
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm.exc import StaleDataError

from shared.access.actor import Actor
from shared.refusals import Stale
from shared.streams.log import Cause, Tx
from shared.streams.wakeup import Wakeup

CONNECT_DEADLINE = 2.0
COMMAND_DEADLINE = 5.0
POOL_DEADLINE = 2.0
"""Seconds; a database that stands still must not hold a request for ever."""


class Database:
    """A pool of connections; `transaction()` is how everything is written."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Take a `postgresql://` address; nothing is opened yet."""
        self.url = url
        self.engine = open_engine(url, pool_size=pool_size)
        self._wakeup = Wakeup(url)

    @asynccontextmanager
    async def transaction(
        self, actor: Actor | None = None, cause: Cause | None = None
    ) -> AsyncIterator[Tx]:
        """One request or one message: all of it is committed on leaving, or none of it.

        Raises Stale when a row that the block changed was changed by another in between.
        """
        async with Tx(self.engine, actor, cause) as tx:
            try:
                yield tx
                spoke = await tx.write_events()
            except StaleDataError:
                message = "It was changed by someone else in the same moment. Read it again."
                raise Stale(message) from None
            await tx.commit()
        if spoke:
            self._wakeup.committed()

    @asynccontextmanager
    async def reading(self, actor: Actor | None = None) -> AsyncIterator[Tx]:
        """A transaction that commits nothing."""
        async with Tx(self.engine, actor) as tx:
            yield tx

    async def close(self) -> None:
        """Give all connections back."""
        await self._wakeup.close()
        await self.engine.dispose()


def open_engine(
    url: str, *, pool_size: int, command_deadline: float = COMMAND_DEADLINE
) -> AsyncEngine:
    """An engine on asyncpg whose every wait has a deadline, in seconds."""
    # Looked up at the call, so that telemetry can wrap it.
    return sqlalchemy.ext.asyncio.create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_DEADLINE,
        hide_parameters=True,
        connect_args={"timeout": CONNECT_DEADLINE, "command_timeout": command_deadline},
    )
