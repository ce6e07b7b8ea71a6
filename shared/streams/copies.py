"""A copy: what one service keeps of another's topic, guarded by the position in its own row."""

from collections.abc import Sequence
from typing import Any, Generic
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shared.streams.codec import Event, S
from shared.streams.columns import ColumnType


class Copy(Generic[S]):
    """The table of a copy, and how it hears of changes.

    `keep` names the fields of the state that this service needs; with none, the table only
    remembers how far each aggregate was heard. The table is called `<aggregate>_copy`.
    """

    def __init__(self, state: type[S], keep: tuple[str, ...], metadata: sa.MetaData) -> None:
        self.state = state
        self.keep = keep
        fields = state.model_fields
        self._columns = {name: ColumnType.of(fields[name].annotation) for name in keep}
        self.table = self._table(metadata)
        self._upsert = sa.text(self._upsert_sql())

    def _table(self, metadata: sa.MetaData) -> sa.Table:
        return sa.Table(
            self.state.topic.split(".")[1] + "_copy",
            metadata,
            sa.Column("id", sa.Uuid, primary_key=True),
            *(kept.column(name) for name, kept in self._columns.items()),
            sa.Column("epoch", sa.Integer, nullable=False),
            sa.Column("seq", sa.BigInteger, nullable=False),
            sa.Column("event_id", sa.Uuid, nullable=False),
        )

    def _upsert_sql(self) -> str:
        """One statement and one parameter for any number of states."""
        name = self.table.name
        kept = {column: kind.sql for column, kind in self._columns.items()}
        shape = {"id": "uuid", **kept, "epoch": "int", "seq": "bigint", "event_id": "uuid"}
        record = ", ".join(f"{column} {kind}" for column, kind in shape.items())
        columns = ", ".join(shape)
        changes = ", ".join(f"{column} = excluded.{column}" for column in shape if column != "id")
        return (
            f"INSERT INTO {name} AS c ({columns}) "  # noqa: S608 (names of our own columns)
            f"SELECT {columns} FROM json_to_recordset(CAST(:states AS json)) AS s({record}) "
            f"ORDER BY id ON CONFLICT (id) DO UPDATE SET {changes} "
            "WHERE (c.epoch, c.seq) < (excluded.epoch, excluded.seq) RETURNING id"
        )

    async def hear(self, tx: AsyncSession, events: Sequence[Event[S]]) -> set[str]:
        """Take over the newest state of each aggregate; return the keys that became newer.

        Events that are already known, or older than what is kept, change nothing.
        """
        newest = newest_by_key(events)
        living = [event for event in newest.values() if event.data is not None]
        applied: set[str] = set()
        if living:
            states = orjson.dumps([self._row(event) for event in living]).decode()
            applied |= {str(key) for key in await tx.scalars(self._upsert, {"states": states})}
        for event in newest.values():
            if event.data is None and await self._forget(tx, event):
                applied.add(event.key)
        return applied

    def _row(self, event: Event[S]) -> dict[str, Any]:
        row = {name: getattr(event.data, name) for name in self.keep}
        row["id"] = event.key
        row["epoch"], row["seq"] = event.position
        row["event_id"] = event.id
        return row

    async def _forget(self, tx: AsyncSession, event: Event[S]) -> bool:
        table = self.table.c
        older = sa.tuple_(table.epoch, table.seq) < sa.tuple_(event.epoch, event.seq)
        statement = sa.delete(self.table).where(table.id == UUID(event.key), older)
        return bool((await tx.scalars(statement.returning(table.id))).all())

    async def positions(
        self, tx: AsyncSession, keys: Sequence[str]
    ) -> dict[str, tuple[int, int, UUID]]:
        """The epoch, sequence and event id that each key was last heard with."""
        table = self.table.c
        statement = sa.select(table.id, table.epoch, table.seq, table.event_id).where(
            table.id.in_([UUID(key) for key in keys])
        )
        rows = await tx.execute(statement)
        return {str(key): (epoch, seq, event_id) for key, epoch, seq, event_id in rows}


def newest_by_key(events: Sequence[Event[S]]) -> dict[str, Event[S]]:
    """The last state of each aggregate in a batch; an upsert may not touch a row twice."""
    newest: dict[str, Event[S]] = {}
    for event in events:
        known = newest.get(event.key)
        if known is None or known.position < event.position:
            newest[event.key] = event
    return newest
