"""One service's database, and the one place where a transaction commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy.ext.asyncio
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm.exc import StaleDataError

from shared.access.actor import Actor
from shared.access.row_scope import scope_rows
from shared.audit.entry import Entry, record
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
            tx.began_at = await scope_rows(tx, actor)
            try:
                yield tx
                await settle(tx)
            except StaleDataError:
                message = "It was changed by someone else in the same moment. Read it again."
                raise Stale(message) from None
            await tx.commit()
        if tx.spoke:
            self._wakeup.committed()

    @asynccontextmanager
    async def reading(self, actor: Actor | None = None) -> AsyncIterator[Tx]:
        """A transaction that commits nothing."""
        async with Tx(self.engine, actor) as tx:
            tx.began_at = await scope_rows(tx, actor)
            yield tx

    async def close(self) -> None:
        """Give all connections back."""
        await self._wakeup.close()
        await self.engine.dispose()


async def settle(tx: Tx) -> None:
    """Write what was announced since the last time, and who did it and why into the audit trail.

    A person is accounted for whatever came of it, a service only for what it changed.
    """
    spoken = await tx.write_events()
    actor = tx.actor
    if actor is None or (actor.is_system and not spoken.keys):
        return
    subject_id, unit = tx.person or (None, None)
    if len(spoken.units) == 1:
        (unit,) = spoken.units
    entry = Entry(
        actor=actor,
        operation=actor.operation,
        targets=(*spoken.keys, *tx.touched),
        unit=unit,
        subject_id=subject_id,
        address=actor.address,
    )
    await record(tx, entry)


def open_engine(
    url: str, *, pool_size: int, command_deadline: float = COMMAND_DEADLINE
) -> AsyncEngine:
    """An engine on asyncpg whose every wait has a deadline, in seconds."""
    # Looked up at the call, so that telemetry can wrap it. What stands after the address's `?`, TLS
    # above all, is the driver's to read, which takes it in full.
    return sqlalchemy.ext.asyncio.create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1).partition("?")[0],
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_DEADLINE,
        hide_parameters=True,
        connect_args={
            "dsn": url,
            "timeout": CONNECT_DEADLINE,
            "command_timeout": command_deadline,
        },
    )
