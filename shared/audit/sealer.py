"""The sealer: binds what was written to the audit trail into chained blocks, once a minute.

It is one more reader by snapshots and stands outside every request. One per service is at work,
elected by a lock; and should two ever be, the number of a block can be given only once.
"""

import asyncio
from typing import Any

import structlog

from shared.audit.block import AuditBlock, block_id
from shared.audit.chain import GENESIS
from shared.audit.flaws import COLUMNS, block_flaw, entries_flaw
from shared.database import Database
from shared.events.audit import AUDIT_BLOCKS
from shared.sentences import Sentence, Spoken
from shared.streams.cursor import Row, SnapshotCursor
from shared.streams.direct import Connection, connected, elected
from shared.streams.slices import PASSED, Slice, Slices
from shared.waiting import wait

log = structlog.get_logger(__name__)

EVERY = 60.0
"""Seconds between two looks at what is not sealed yet."""
SLICE = 2_000

NEWEST = "SELECT * FROM audit_block ORDER BY number DESC LIMIT 1"
CLOCK = "SELECT clock_timestamp() AS sealed_at, system_identifier FROM pg_control_system()"
_ANNOUNCED = "SELECT EXISTS (SELECT FROM event_log WHERE topic = $1 AND key = $2)"
_UNSEALED = f"""
SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0)::float8 FROM audit_entry AS e, (
    SELECT coalesce(done, '1:1:') AS done, target, last_id
    FROM (VALUES (1)) AS once LEFT JOIN ({NEWEST}) AS newest ON true
) AS c
WHERE e.xid >= pg_snapshot_xmin(c.done) AND NOT {PASSED}
"""  # noqa: S608 (words of our own)


class Broken(Spoken):
    """The chain does not hold where it would be continued; the message says what is wrong."""


class Sealer:
    """Seals the audit trail of one service."""

    def __init__(self, database: Database, service: str) -> None:
        self._database = database
        self._service = service
        self._topic = AUDIT_BLOCKS[service].topic

    async def run(self, stop: asyncio.Event) -> None:
        """Seal each minute until `stop` is set; a chain that is broken is never continued."""
        while not stop.is_set():
            try:
                await self.seal()
            except Broken as flaw:
                log.error("audit.broken", service=self._service, reason=Sentence(flaw))  # noqa: TRY400 (no trace)
            except Exception as error:  # noqa: BLE001 (whatever it was, the next minute tries anew)
                log.warning("audit.not_sealed", service=self._service, error=type(error).__name__)
            await wait(stop, EVERY)

    async def seal(self) -> None:
        """Seal all that is not sealed yet, unless another sealer is at it.

        Raises Broken when the newest block is not what it was, or was already announced otherwise.
        """
        async with connected(self._database.url) as connection:
            if await elected(connection, f"{self._service}-sealer"):
                while await self._seal_slice(connection):
                    pass

    async def _seal_slice(self, connection: Connection) -> bool:
        """Seal a block; whether there may be more."""
        clock = dict(await connection.fetchrow(CLOCK) or {}) | {"floor": None}
        newest = await connection.fetchrow(NEWEST)
        cursor, previous, number = SnapshotCursor(), GENESIS, 1
        if newest is not None:
            await self._examine(connection, newest, clock)
            cursor, previous = SnapshotCursor.of(newest), newest["hash"]
            number, clock["floor"] = newest["number"] + 1, newest["floor"]
        part = await _read_on(connection, cursor, clock["floor"])
        if not part.rows:
            return False
        if await connection.fetchval(_ANNOUNCED, self._topic, str(block_id(self._service, number))):
            raise Broken(f"Block {number} was announced before and is not there: it was removed.")
        block = AuditBlock.seal(self._service, number, previous, part, clock)
        # By nobody: a block that left an entry would want the next one, each minute for ever.
        async with self._database.transaction() as tx:
            tx.add(block)
            tx.publish(block, "sealed")
        return part.after.target is not None

    async def _examine(self, connection: Connection, newest: Row, clock: dict[str, Any]) -> None:
        if newest["system_identifier"] != clock["system_identifier"]:
            raise Broken(
                "The database was brought into another cluster by hand, where no cursor holds; "
                "`sinergi restore` does what is needed."
            )
        whole = block_flaw(self._service, newest, newest["previous"])
        if flaw := whole or await entries_flaw(connection, newest):
            raise Broken(flaw)


async def _read_on(connection: Connection, cursor: SnapshotCursor, floor: int | None) -> Slice:
    # What was written before a restore has ids of transactions of another life of the database.
    above = f"(SELECT * FROM audit_entry WHERE id > {floor or 0}) AS audit_entry"  # noqa: S608 (a number)
    trail = Slices(above, COLUMNS)
    part = await trail.read(connection, cursor, SLICE)
    if part.rows or cursor.target is None:
        return part
    # The last walk through a snapshot ended exactly with a full slice.
    return await trail.read(connection, part.after, SLICE)


async def unsealed_age(connection: Connection) -> float:
    """Seconds since the oldest entry that no block has sealed yet; 0 when all are."""
    age: float = await connection.fetchval(_UNSEALED)
    return age
