"""Wakes whoever waits in this process for something to be committed, by the relay's NOTIFY.

One connection per process listens, from the first time that anyone waits. A NOTIFY may be lost, so
whoever waits looks again by themselves besides.
"""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from shared.streams.direct import connected
from shared.streams.wakeup import CHANNEL

log = structlog.get_logger(__name__)

_TOGETHER: Final = 0.02
"""Seconds; what is committed within them wakes everyone once."""
_STILL_THERE: Final = 10.0
_RETRY: Final = 1.0


class Commits:
    """Hears that events were committed in one database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._committed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._waking: asyncio.TimerHandle | None = None

    def next(self) -> asyncio.Event:
        """Return what is set when something is committed from now on, or a moment later."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="commits")
        return self._committed

    async def close(self) -> None:
        """Hear no more; whoever waits is woken."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._wake()

    async def _run(self) -> None:
        while True:
            try:
                async with connected(self._url) as connection:
                    await connection.add_listener(CHANNEL, self._heard)
                    while True:
                        await asyncio.sleep(_STILL_THERE)
                        await connection.execute("SELECT")
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("commits.interrupted", error=type(error).__name__)
                await asyncio.sleep(_RETRY)

    def _heard(self, *_: object) -> None:
        if self._waking is None:
            self._waking = asyncio.get_running_loop().call_later(_TOGETHER, self._wake)

    def _wake(self) -> None:
        self._waking = None
        woken, self._committed = self._committed, asyncio.Event()
        woken.set()
