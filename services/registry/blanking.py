"""Takes the names of erased owners' enterprises out of the log, for as long as the worker lives."""

import asyncio

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.registry import queries, use_cases
from shared.access.actor import system
from shared.database import Database
from shared.waiting import wait

log = structlog.get_logger(__name__)

_TEMPORARY = (DBAPIError, PoolTimeout, TimeoutError, OSError)
_LOOK = 1.0
_BACK_OFF = 5.0
"""Seconds between two looks, and after a failure."""


class NameEraser:
    """Each enterprise is one transaction, so a kill leaves none half done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._actor = system("registry")

    async def run(self, stop: asyncio.Event) -> None:
        """Erase names until `stop` is set."""
        while not stop.is_set():
            try:
                pause = 0.0 if await self._erase_one() else _LOOK
            except _TEMPORARY as error:
                log.warning("name_erasure.interrupted", error=type(error).__name__)
                pause = _BACK_OFF
            await wait(stop, pause)

    async def _erase_one(self) -> bool:
        async with self._database.transaction(self._actor) as tx:
            erased = await queries.next_erased_name(tx)
            if erased is not None:
                await use_cases.take_out_name(tx, erased)
        return erased is not None
