"""References to another service's aggregate, which may have been announced a moment ago."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from shared.refusals import NotYetKnown
from shared.streams.copies import Copy
from shared.streams.log import Tx

LONGEST_CHAIN: Final = 10
"""Mergers that are followed from an id that is no more."""
_PATIENCE: Final = 2.0
_PAUSES: Final = (0.02, 0.04, 0.08, 0.16)
"""Seconds until we give up, and between two looks, the last again and again."""
_waiting = asyncio.Semaphore(4)
"""Whoever waits keeps a connection; most of the pool must stay free for those who need not."""


async def heard_of(
    tx: Tx, copy: Copy[Any], key: UUID, *, pointer: str | None = None
) -> Mapping[str, Any]:
    """The row of an aggregate in a copy, or of the one it was merged into.

    What has not been heard of is waited for, two seconds at most, and not at all while several
    others wait. Raises NotYetKnown, which says to come again; `pointer` is the field of the body.
    """
    found = await known(tx, copy, key)
    if found is None and not _waiting.locked():
        async with _waiting:
            found = await _wait(tx, copy, key)
    if found is None:
        raise NotYetKnown(
            "There is none with this id, or it was made a moment ago. Send the same again.",
            pointer=pointer,
        )
    return found


async def _wait(tx: Tx, copy: Copy[Any], key: UUID) -> Mapping[str, Any] | None:
    deadline = time.monotonic() + _PATIENCE
    pauses = iter(_PAUSES)
    pause = _PAUSES[0]
    while time.monotonic() + (pause := next(pauses, pause)) < deadline:
        await asyncio.sleep(pause)
        if found := await known(tx, copy, key):
            return found
    return None


async def known(tx: Tx, copy: Copy[Any], key: UUID) -> Mapping[str, Any] | None:
    """The same without waiting; None for what was not heard of.

    Each statement sees what was committed before it (READ COMMITTED).
    """
    for _ in range(LONGEST_CHAIN):
        statement = sa.select(copy.table).where(copy.table.c.id == key)
        row = (await tx.execute(statement)).mappings().one_or_none()
        if row is None or row.get("merged_into") is None:
            return None if row is None else dict(row)
        key = row["merged_into"]
    return None
