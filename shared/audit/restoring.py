"""Joins the chain of a restored audit trail to what comes after: one block over what is there."""

from shared.access.actor import system
from shared.audit.block import AuditBlock
from shared.audit.chain import GENESIS
from shared.audit.entry import Entry, record
from shared.audit.flaws import COLUMNS
from shared.audit.sealer import CLOCK, NEWEST
from shared.database import Database
from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.direct import connected
from shared.streams.slices import Slice

_UNSEALED = f"""
SELECT {COLUMNS} FROM audit_entry AS e
WHERE NOT EXISTS (
    SELECT FROM (SELECT unnest(entries) AS id FROM audit_block) AS sealed WHERE sealed.id = e.id
) ORDER BY id
"""  # noqa: S608 (columns of our own)
_FLOOR = "SELECT max(id) FROM audit_entry"
_SEEN = "SELECT pg_current_snapshot()"


async def join(url: str, service: str) -> None:
    """Write down that the database was restored, and seal that with all that is not sealed yet.

    The block names the cluster that the database is in now, and how far it reaches there. It is
    done as a superuser, while no sealer runs.
    """
    database = Database(url, pool_size=1)
    try:
        async with database.transaction() as tx:
            await record(tx, Entry(actor=system(service, "restore"), operation="restore"))
        async with connected(url) as connection:
            clock = dict(await connection.fetchrow(CLOCK) or {})
            newest = await connection.fetchrow(NEWEST)
            rows = await connection.fetch(_UNSEALED)
            clock["floor"] = await connection.fetchval(_FLOOR)
            done = SnapshotCursor(Snapshot.of(await connection.fetchval(_SEEN)))
        previous, number = (newest["hash"], newest["number"] + 1) if newest else (GENESIS, 1)
        block = AuditBlock.seal(service, number, previous, Slice(rows, done), clock)
        async with database.transaction() as tx:
            tx.add(block)
            tx.publish(block, "sealed")
    finally:
        await database.close()
