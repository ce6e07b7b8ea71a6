"""Tells the relay that something was committed, after the commit and never inside it.

A `NOTIFY` inside the writing transaction takes a lock of the whole cluster at commit, which
serialises all writers; sent afterwards it is only a hint, and the relay polls besides.
"""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

CHANNEL = "event_log"
_QUIET = 0.001
_RETRY = 1.0
_DEADLINE = 2.0

log = structlog.get_logger(__name__)


class Wakeup:
    """One task per process that turns any number of commits into at most one NOTIFY per ms."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._committed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def committed(self) -> None:
        """Note that events were committed; returns at once."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="wakeup")
        self._committed.set()

    async def close(self) -> None:
        """Stop the task; a hint not yet sent is lost, which the relay's poll makes good."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._notify_for_ever()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("wakeup.interrupted", error=type(error).__name__)
                await asyncio.sleep(_RETRY)

    async def _notify_for_ever(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=_DEADLINE, command_timeout=_DEADLINE)
        try:
            while True:
                await self._committed.wait()
                self._committed.clear()
                await connection.execute(f"NOTIFY {CHANNEL}")
                await asyncio.sleep(_QUIET)
        finally:
            connection.terminate()
