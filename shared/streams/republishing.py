"""Sends a whole log to Kafka again, after Kafka lost what it had.

The relay does it, at the usual speed and under the usual rules: all that happens here is that its
cursor is set back to the beginning, under its own lock, by whoever has taken the lock from it.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from shared.sentences import Spoken
from shared.streams.direct import connected
from shared.streams.relay import READER, fence_of, undelivered

Progress = Callable[[int, int], None]
"""Takes how many events are on Kafka again, and how many there are."""

PATIENCE: Final = 60.0
"""Seconds without anything being sent: longer than a relay takes to be elected and to begin."""
_LOOK: Final = 0.2
_HOLD = "SELECT pg_advisory_lock(hashtext($1))"
# The low half of the lock's key; what else is under the same number is a holder of it too.
_END_HOLDER = """
SELECT count(pg_terminate_backend(pid)) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid <> $2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND objsubid = 1 AND objid::bigint = hashtext($1)::bigint & 4294967295
"""
_SET_BACK = """
UPDATE relay_cursor SET done = '1:1:', target = NULL, last_id = 0 WHERE reader = $1
"""
_PLACE = "SELECT relay_cursor::text FROM relay_cursor WHERE reader = $1"


class NothingSent(Spoken):
    """No relay sends; what was set back is sent as soon as one does."""


async def republish(url: str, service: str, progress: Progress, prefix: str = "") -> int:
    """Have everything sent again, and wait until it is; return how many events there were.

    The address is direct, and of the relay's own role. Whoever leads loses its session, as if the
    database had broken off, and begins anew. Raises TimeoutError when the lock is not to be had,
    and NothingSent when no relay gets on.
    """
    await _set_back(url, fence_of(service, prefix))
    async with connected(url) as connection:
        total, _ = await undelivered(connection)
        left, patience = total, _Patience()
        while left:
            progress(total - left, total)
            await asyncio.sleep(_LOOK)
            left, _ = await undelivered(connection)
            # What is left is counted up to a million only, so it is the cursor that tells.
            patience.lose(await connection.fetchval(_PLACE, READER))
        progress(total, total)
    return total


class _Patience:
    """Is lost when the relay's cursor stands still for too long."""

    def __init__(self) -> None:
        self._place: str | None = None
        self._since = time.monotonic()

    def lose(self, place: str | None) -> None:
        """Look at the cursor. Raises NothingSent."""
        if place != self._place:
            self._place, self._since = place, time.monotonic()
        elif time.monotonic() - self._since > PATIENCE:
            raise NothingSent("no relay has sent anything for a minute")


async def _set_back(url: str, fence: str) -> None:
    """Wait in line for the lock, end the session that holds it, and set the cursor back."""
    async with connected(url) as next_in_line, connected(url) as other:
        holding = asyncio.create_task(next_in_line.execute(_HOLD, fence))
        while not holding.done():
            # Who waits may hold it already: where no relay runs, at once.
            await other.execute(_END_HOLDER, fence, next_in_line.get_server_pid())
            await asyncio.wait([holding], timeout=_LOOK)
        await holding
        await next_in_line.execute(_SET_BACK, READER)
