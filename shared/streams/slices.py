"""Reads an append-only table slice by slice: what a cursor has not passed, in the order of ids.

The table has `id`, an identity with CACHE 1, and `xid`, the id of the transaction that wrote the
row; both are never changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.direct import Connection

PASSED = """(pg_visible_in_snapshot(e.xid, c.done)
    OR (c.target IS NOT NULL AND e.id <= c.last_id AND pg_visible_in_snapshot(e.xid, c.target)))"""
"""In SQL: whether a cursor `c` has passed a row `e`."""

# One statement: under READ COMMITTED its own visibility is the snapshot that it returns.
_FRESH = """
SELECT pg_current_snapshot() AS seen, {columns}
FROM (VALUES (1)) AS once LEFT JOIN LATERAL (
    SELECT * FROM {table} WHERE xid >= $1::xid8 {and_only}
    UNION ALL
    SELECT * FROM {table} WHERE xid = ANY ($2::xid8[]) {and_only}
    ORDER BY id LIMIT $3
) AS e ON true
"""

_NEXT = """
SELECT {columns} FROM {table}
WHERE id > $4 AND pg_visible_in_snapshot(xid, $5) AND (xid >= $1::xid8 OR xid = ANY ($2::xid8[]))
{and_only}
ORDER BY id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows read together, and the cursor once they are dealt with."""

    rows: Sequence[Any]
    after: SnapshotCursor


class Slices:
    """The rows of one table, `id` among the columns asked for.

    With `only`, a column, they are those that have one value in it, given at each reading.
    """

    def __init__(self, table: str, columns: str, only: str | None = None) -> None:
        fresh, following = (f"AND {only} = ${n}" if only else "" for n in (4, 6))
        self._fresh = _FRESH.format(table=table, columns=columns, and_only=fresh)
        self._next = _NEXT.format(table=table, columns=columns, and_only=following)

    async def read(
        self, connection: Connection, cursor: SnapshotCursor, size: int, *value: str
    ) -> Slice:
        """Read on from the cursor, at most `size` rows."""
        done = cursor.done
        if cursor.target is None:
            rows = await connection.fetch(self._fresh, done.xmax, done.xip, size, *value)
            seen = Snapshot.of(rows[0]["seen"])
            rows = rows if rows[0]["id"] is not None else []
        else:
            seen = cursor.target
            rows = await connection.fetch(
                self._next, done.xmax, done.xip, size, cursor.last_id, seen.as_record(), *value
            )
        return Slice(rows, cursor.after([row["id"] for row in rows], seen, size))
