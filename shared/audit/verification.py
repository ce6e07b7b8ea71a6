"""Reads a whole audit trail again, against its seals and against what Kafka knows of them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from shared.audit.anchors import Anchors, anchors
from shared.audit.chain import GENESIS
from shared.audit.flaws import block_flaw, entries_flaw
from shared.streams.cursor import Row
from shared.streams.direct import Connection, connected
from shared.streams.slices import PASSED

Progress = Callable[[int, int], None]
"""Takes how many sealed entries were read again, and how many there are."""

_PAGE = 100
_LONG = 900.0
"""Seconds for one statement that looks at everything."""
_BLOCKS = "SELECT * FROM audit_block WHERE number > $1 ORDER BY number LIMIT $2"
_SEALED = "SELECT coalesce(sum(cardinality(entries)), 0)::bigint FROM audit_block"
_AGE = "SELECT extract(epoch FROM now() - max(sealed_at))::float8 FROM audit_block"
_EPOCH = "SELECT epoch FROM log_epoch"
_OUTSIDE = f"""
SELECT count(*) FILTER (WHERE NOT passed) AS unsealed, min(id) FILTER (WHERE passed) AS stray
FROM (
    SELECT e.id, coalesce({PASSED} OR e.id <= c.floor, false) AS passed
    FROM audit_entry AS e
    LEFT JOIN (SELECT * FROM audit_block ORDER BY number DESC LIMIT 1) AS c ON true
    WHERE NOT EXISTS (
        SELECT FROM (SELECT unnest(entries) AS id FROM audit_block) AS sealed WHERE sealed.id = e.id
    )
) AS outside
"""  # noqa: S608 (words of our own)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: the first flaw in plain words, or None."""

    service: str
    flaw: str | None
    blocks: int
    """How many were read before the flaw, or in all; so `entries`."""
    entries: int
    unsealed: int
    """Entries that wait for the sealer."""
    age: float | None
    """Seconds since the newest block was sealed; None without a block."""
    unannounced: int
    """Blocks, of those read, of which the topic does not know yet."""
    restores: int
    """How often the trail was restored from a backup; what came after each backup is lost."""

    def __str__(self) -> str:
        """Tell it in two lines."""
        newest = "there is no block yet" if self.age is None else f"{self.age:,.0f} s old"
        return (
            f"{self.service}: {self.flaw or 'everything is as it was sealed.'}\n"
            f"  read again: {self.blocks:,} blocks, {self.entries:,} entries; "
            f"not sealed yet: {self.unsealed:,} entries; newest block: {newest}; "
            f"not on Kafka yet: {self.unannounced:,} blocks; restored: {self.restores:,} times"
        )


class CannotVerify(Exception):
    """Who knows of the trail cannot be asked; the message says who."""


async def verify(
    service: str, database_url: str, kafka: str, progress: Progress, prefix: str = ""
) -> Verdict:
    """Read everything again and say what was found.

    Raises CannotVerify when the database or Kafka cannot be asked.
    """
    # Kafka first: what was announced before the snapshot below was committed before it too.
    try:
        known = await anchors(kafka, service, prefix)
    except OSError as failure:
        raise CannotVerify(f"{service}: Kafka cannot be asked ({_why(failure)}).") from failure
    try:
        async with (
            connected(database_url) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await _Verification(service, connection, known).verdict(progress)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        raise CannotVerify(
            f"{service}: the database cannot be asked ({_why(failure)})."
        ) from failure


def _why(failure: Exception) -> str:
    return type(failure).__name__


class _Verification:
    """One walk along the chain, in one snapshot of the database."""

    def __init__(self, service: str, connection: Connection, known: Anchors) -> None:
        self._service = service
        self._connection = connection
        self._known = known
        self._last: Row | None = None
        self._blocks = self._entries = self._unannounced = 0

    async def verdict(self, progress: Progress) -> Verdict:
        flaw = self._known.flaw or await self._walk(progress)
        outside = await self._ask(_OUTSIDE)
        if flaw is None and outside["stray"] is not None:
            flaw = (
                f"Entry {outside['stray']} is in no block, though block {self._number} was sealed "
                "with all before it: it was put in afterwards."
            )
        return Verdict(
            self._service,
            flaw or self._cut_off(),
            self._blocks,
            self._entries,
            outside["unsealed"],
            (await self._ask(_AGE))[0],
            self._unannounced,
            await self._restores(),
        )

    async def _restores(self) -> int:
        return int((await self._ask(_EPOCH))[0]) - 1

    async def _walk(self, progress: Progress) -> str | None:
        total = (await self._ask(_SEALED))[0]
        async for block in self._chain():
            if flaw := await self._flaw(block):
                return flaw
            self._last = block
            self._blocks += 1
            self._entries += len(block["entries"])
            self._unannounced += not self._known.of(block["number"])
            progress(self._entries, total)
        return None

    async def _chain(self) -> AsyncIterator[Row]:
        number = 0
        while page := await self._connection.fetch(_BLOCKS, number, _PAGE):
            for block in page:
                yield block
            number = page[-1]["number"]

    async def _flaw(self, block: Row) -> str | None:
        last = self._last
        return (
            self._misplaced(block)
            or block_flaw(self._service, block, last["hash"] if last else GENESIS)
            or await entries_flaw(self._connection, block, last["sealed_at"] if last else None)
        )

    def _misplaced(self, block: Row) -> str | None:
        number, announced = block["number"], self._known.of(block["number"])
        if number != self._number + 1:
            return f"Block {self._number + 1} is missing: it was deleted."
        if len(announced) > 1:
            return f"Block {number} was announced with different hashes: it was sealed anew."
        if announced and block["hash"] not in announced:
            other = self._known.number_of(block["hash"])
            if other is None:
                return f"Block {number} has not the hash that was announced: it was sealed anew."
            return f"Block {number} holds what was announced as block {other}: they changed places."
        return None

    def _cut_off(self) -> str | None:
        if self._known.newest <= self._number:
            return None
        return (
            f"Block {self._number + 1} was announced and is not there: the end was cut off, up to "
            f"block {self._known.newest}."
        )

    @property
    def _number(self) -> int:
        return self._last["number"] if self._last else 0

    async def _ask(self, statement: str) -> Any:  # noqa: ANN401 (a record)
        return await self._connection.fetchrow(statement, timeout=_LONG)
