"""The log: the events of a service, written in the transaction that made them true.

Order rests on one rule, kept here and nowhere else: flush first, which takes the aggregates' row
locks, then insert the events, then commit. So the ids of one aggregate's events rise with its
sequence, and a snapshot that shows one of them shows all before it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from opentelemetry.propagate import inject
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.types import UserDefinedType

from shared.access.actor import Actor
from shared.streams.aggregate import Aggregate
from shared.tables import metadata


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which never wraps around."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the name of the type in DDL."""
        return "xid8"


class PgSnapshot(UserDefinedType[str]):
    """Which transactions a statement could see."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the name of the type in DDL."""
        return "pg_snapshot"


class JsonText(UserDefinedType[str]):
    """A `json` column that is given its text ready made, to be kept byte for byte."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the name of the type in DDL."""
        return "json"


event_log = sa.Table(
    "event_log",
    metadata,
    # CACHE 1, the default of an identity, is load-bearing: a cached block of ids breaks the order.
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("xid", Xid8, nullable=False, server_default=sa.func.pg_current_xact_id()),
    sa.Column("event_id", sa.Uuid, nullable=False, server_default=sa.func.uuidv7(), unique=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    # Which released schema `data` was written by; rows are read and sent for ever.
    sa.Column("release", sa.SmallInteger, nullable=False, server_default="1"),
    sa.Column(
        "occurred_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    ),
    sa.Column("traceparent", sa.Text),
    sa.Column("tracestate", sa.Text),
    sa.Column("causation", sa.Uuid),
    sa.Column("correlation", sa.Uuid),
    sa.Column("unit", sa.Uuid),
    sa.Column("data", JsonText),
    sa.UniqueConstraint("topic", "key", "epoch", "seq"),
    sa.Index("event_log_xid", "xid"),
    # The feed of a topic that little is said on, beside others on which there is much.
    sa.Index("event_log_by_topic", "topic", "id"),
)

log_epoch = sa.Table(
    "log_epoch",
    metadata,
    sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
    sa.Column("epoch", sa.Integer, nullable=False),
)
"""One row: how many times this log was restored from a backup, plus one."""

relay_cursor = sa.Table(
    "relay_cursor",
    metadata,
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("done", PgSnapshot, nullable=False),
    sa.Column("target", PgSnapshot),
    sa.Column("last_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("system_identifier", sa.BigInteger, nullable=False),
)

_NOW = sa.select(sa.func.now())
_INSERT = sa.insert(event_log).values(epoch=sa.select(log_epoch.c.epoch).scalar_subquery())


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that made us act, so that a chain of effects can be followed to its start."""

    event_id: UUID
    correlation: UUID | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a transaction announced: the ids of the aggregates, and the units they belong to."""

    keys: tuple[UUID, ...]
    units: frozenset[UUID]


class Tx(AsyncSession):
    """The transaction a use case works in: `tx.add(row)`, `tx.publish(aggregate, verb)`."""

    def __init__(
        self, engine: AsyncEngine, actor: Actor | None = None, cause: Cause | None = None
    ) -> None:
        # A question never writes: what was added goes out once, in order, before the commit.
        super().__init__(engine, expire_on_commit=False, autoflush=False)
        self.actor = actor
        self.cause = cause
        self.person: tuple[UUID, UUID] | None = None
        """The one whose values are changed, and their unit, for the audit trail."""
        self.touched: list[UUID] = []
        """The ids of what is changed and never announced, for the audit trail."""
        self.began_at: datetime | None = None
        """When it began, where it was told already."""
        self.spoke = False
        self._events: list[dict[str, Any]] = []

    async def now(self) -> datetime:
        """The time it is for all that is done here: its beginning, by the database's clock."""
        if self.began_at is None:
            self.began_at = (await self.execute(_NOW)).scalar_one()
        return self.began_at

    def publish(self, aggregate: Aggregate, verb: str) -> None:
        """Announce what just became true of this aggregate; it is heard if the tx commits.

        Raises ValueError for a verb that the aggregate's topic does not have.
        """
        state = aggregate.state()
        kind = state.event_type(verb)
        aggregate.event_seq += 1
        self._events.append(
            {
                "topic": state.topic,
                "key": str(state.id),
                "seq": aggregate.event_seq,
                "type": kind,
                "release": state.release,
                "unit": getattr(state, "unit_id", None),
                "data": state.model_dump_json(),
            }
        )

    async def write_events(self) -> Spoken:
        """Flush the rows, then append their events; return what they were about."""
        await self.flush()
        events, self._events = self._events, []
        if events:
            self.spoke = True
            origin = self._origin()
            await self.execute(_INSERT, [event | origin for event in events])
        return Spoken(
            keys=tuple(dict.fromkeys(UUID(event["key"]) for event in events)),
            units=frozenset(event["unit"] for event in events if event["unit"]),
        )

    def _origin(self) -> dict[str, Any]:
        carrier: dict[str, str] = {}
        inject(carrier)
        cause = self.cause
        return {
            "traceparent": carrier.get("traceparent"),
            "tracestate": carrier.get("tracestate"),
            "causation": cause.event_id if cause else None,
            "correlation": (cause and cause.correlation) or uuid4(),
        }
