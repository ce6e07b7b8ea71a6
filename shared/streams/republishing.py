"""Sends a whole log to Kafka again, after Kafka lost what it had.

The relay does it, at the usual speed and under the usual rules: all that happens here is that its
cursor is set back to the beginning, under its own lock, by whoever has taken the lock from it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from shared.streams.direct import connected
from shared.streams.relay import READER, fence_of, undelivered

Progress = Callable[[int, int], None]
"""Takes how many events are on Kafka again, and how many there are."""

_LOOK: Final = 0.2
_HOLD = "SELECT pg_advisory_lock(hashtext($1))"
# The low half of the lock's key; what else is under the same number is a holder of it too.
_END_HOLDER = """
SELECT count(pg_terminate_backend(pid)) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND objsubid = 1 AND objid::bigint = hashtext($1)::bigint & 4294967295
"""
_SET_BACK = """
UPDATE relay_cursor SET done = '1:1:', target = NULL, last_id = 0 WHERE reader = $1
"""


async def republish(url: str, service: str, progress: Progress, prefix: str = "") -> int:
    """Have everything sent again, and wait until it is; return how many events there were.

    The address is direct, and of the relay's own role. Whoever leads loses its session, as if the
    database had broken off, and begins anew. Raises TimeoutError when the lock is not to be had.
    """
    await _set_back(url, fence_of(service, prefix))
    async with connected(url) as connection:
        total, _ = await undelivered(connection)
        left = total
        while left:
            progress(total - left, total)
            await asyncio.sleep(_LOOK)
            left, _ = await undelivered(connection)
        progress(total, total)
    return total


async def _set_back(url: str, fence: str) -> None:
    """Wait in line for the lock, end the session that holds it, and set the cursor back."""
    async with connected(url) as next_in_line, connected(url) as other:
        holding = asyncio.create_task(next_in_line.execute(_HOLD, fence))
        while not holding.done():
            await other.execute(_END_HOLDER, fence)
            await asyncio.wait([holding], timeout=_LOOK)
        await holding
        await next_in_line.execute(_SET_BACK, READER)
