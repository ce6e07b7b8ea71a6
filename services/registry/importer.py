"""Takes over what was handed in, batch by batch, for as long as the worker lives."""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.registry import queries, use_cases
from services.registry.models import EnterpriseImport
from shared.access.actor import system
from shared.database import Database
from shared.waiting import wait

log = structlog.get_logger(__name__)

_TEMPORARY = (DBAPIError, PoolTimeout, TimeoutError, OSError)
_LOOK = 0.3
_BACK_OFF = 2.0
"""Seconds between two looks, and after a failure."""


class Importer:
    """Each batch is one transaction with its progress, so a kill loses or repeats nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._actor = system("registry")

    async def run(self, stop: asyncio.Event) -> None:
        """Import until `stop` is set."""
        while not stop.is_set():
            try:
                pause = 0.0 if await self._import_batch() else _LOOK
            except _TEMPORARY as error:
                log.warning("import.interrupted", error=type(error).__name__)
                pause = _BACK_OFF
            await wait(stop, pause)

    async def _import_batch(self) -> bool:
        """Take over one batch of the oldest unfinished import; False when there is none."""
        job: EnterpriseImport | None = None
        try:
            async with self._database.transaction(self._actor) as tx:
                job = await queries.next_import(tx)
                if job is None:
                    return False
                await use_cases.import_batch(tx, job)
        except _TEMPORARY:
            raise
        except Exception as error:
            if job is None:
                raise
            log.error("import.failed", import_id=job.id, error=type(error).__name__)  # noqa: TRY400 (its text may hold what was in the file)
            await self._give_up(job.id)
        return True

    async def _give_up(self, import_id: UUID) -> None:
        """End an import whose batch failed by a fault of ours; the others go on."""
        async with self._database.transaction(self._actor) as tx:
            job = await queries.import_job(tx, import_id)
            job.status = "failed"
