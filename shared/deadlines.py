"""What time makes a service do: what is due, one thing after another, while its worker lives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.database import Database
from shared.streams.log import Tx
from shared.waiting import wait

log = structlog.get_logger(__name__)

LOOK: Final = 0.5
"""Seconds between two looks when nothing is due."""
_LONGEST_PAUSE: Final = 30.0

Take = Callable[[Tx], Awaitable[bool]]
"""Does one thing that is due, with its row locked, and says whether there was one."""


class Deadlines:
    """Takes what is due, each in a transaction of its own, so that a kill loses or repeats nothing.

    The database's clock decides what is due: `take` asks for a row whose `due_at` has come, with
    FOR UPDATE SKIP LOCKED, so that several workers share the work; and it sets `tx.actor`.
    """

    def __init__(self, database: Database, take: Take) -> None:
        self._database = database
        self._take = take

    async def run(self, stop: asyncio.Event) -> None:
        """Take until `stop` is set; after a failure, whatever it was, try again more slowly."""
        failures = 0
        while not stop.is_set():
            try:
                pause = 0.0 if await self._take_one() else LOOK
                failures = 0
            except Exception as error:  # noqa: BLE001 (one fault must not end what all others wait for)
                failures += 1
                pause = min(_LONGEST_PAUSE, LOOK * 2 ** min(failures, 10))
                log.error("deadlines.failed", error=type(error).__name__, failures=failures)  # noqa: TRY400 (its text may hold what was stored)
            await wait(stop, pause)

    async def _take_one(self) -> bool:
        async with self._database.transaction() as tx:
            return await self._take(tx)
