"""The worker forgets idempotency keys that nobody will send again."""

import asyncio

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database import Database
from shared.waiting import wait
from shared.web.idempotency import KEPT_FOR, idempotency_key

log = structlog.get_logger(__name__)

BATCH = 1_000
_PAUSE = 600.0
_TEMPORARY = (DBAPIError, PoolTimeout, TimeoutError, OSError)


class ForgetsKeys:
    """A task that deletes what is older than `KEPT_FOR`, a batch at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, stop: asyncio.Event) -> None:
        """Look every ten minutes, until `stop` is set."""
        while not stop.is_set():
            try:
                while await self.forget_batch() == BATCH and not stop.is_set():
                    pass
            except _TEMPORARY as error:
                log.warning("idempotency.not_forgotten", error=type(error).__name__)
            await wait(stop, _PAUSE)

    async def forget_batch(self) -> int:
        """Delete one batch in a transaction of its own; return how many keys it had."""
        table = idempotency_key.c
        row = sa.tuple_(table.client, table.operation, table.key)
        old = (
            sa.select(table.client, table.operation, table.key)
            .where(table.kept_at < sa.func.now() - KEPT_FOR)
            .order_by(table.kept_at)
            .limit(BATCH)
        )
        delete = sa.delete(idempotency_key).where(row.in_(old)).returning(table.key)
        async with self._database.transaction() as tx:
            return len((await tx.execute(delete)).all())
