"""Events that could not be taken, kept in the order of their key until they can be.

While one event of a key is parked, every later one joins it, so that a key keeps its order and
the others go on. Only the listener adds, in the transaction in which it looked; the redriver takes
away, in the transaction of the effect. So who sees no parked event of a key sees all effects of
those that were, and no lock is needed between the two (docs/decisions/0014).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.state import State
from shared.sentences import Spoken
from shared.streams.codec import EnvelopeError, Event, from_binary
from shared.streams.kafka import Headers, Message
from shared.streams.verdicts import Fork
from shared.tables import metadata
from shared.telemetry.failures import told

ParkedState = Literal["retry", "fork", "dead", "skipped"]
"""Tried again by itself; two events of one position; no event of its topic; put aside by somebody.

The first two hold back the later events of their key.
"""

parked_event = sa.Table(
    "parked_event",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("epoch", sa.Integer),
    sa.Column("seq", sa.BigInteger),
    sa.Column("event_id", sa.Uuid),
    sa.Column("type", sa.Text),
    sa.Column("partition", sa.Integer, nullable=False),
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("record_key", sa.LargeBinary),
    sa.Column("headers", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary),
    sa.Column("edited", sa.LargeBinary),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column(
        "first_failed_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.func.now(),
    ),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
    sa.CheckConstraint("state IN ('retry', 'fork', 'dead', 'skipped')", name="parked_event_state"),
    sa.CheckConstraint(
        "state IN ('dead', 'skipped') OR (key, epoch, seq, event_id) IS NOT NULL",
        name="parked_event_has_its_place",
    ),
    sa.Index(
        "parked_event_queue",
        "topic",
        "key",
        "epoch",
        "seq",
        postgresql_where=sa.text("state IN ('retry', 'fork')"),
    ),
    sa.Index("parked_event_by_time", "first_failed_at", "id"),
)
"""`record_key`, `headers` and `data` are the record as it came; `edited` is a repaired copy of it,
a CloudEvent in structured mode. `version` rises whenever somebody, or its state, changes it."""

_ROW: Final = parked_event.c
WAITING: Final = _ROW.state.in_(["retry", "fork"])
"""The condition under which a parked event holds back the later ones of its key."""
# Asked for every batch, and nearly always in vain: so first whether there are any at all.
_ANY_WAITING: Final = sa.text(
    "SELECT EXISTS (SELECT FROM parked_event WHERE topic = :topic AND state IN ('retry', 'fork'))"
)
# One parameter for any number of keys.
_WAITING_KEYS: Final = sa.text(
    "SELECT DISTINCT key FROM parked_event "
    "WHERE topic = :topic AND key = ANY (CAST(:keys AS text[])) AND state IN ('retry', 'fork')"
)
_LONGEST_ERROR: Final = 500
_STRUCTURED: Final[Headers] = [("content-type", b"application/cloudevents+json")]


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that is to be parked: as what, why, and the event in it if there is one."""

    topic: str
    record: Message
    state: ParkedState
    error: str
    event: Event[Any] | None = None

    @classmethod
    def of(cls, topic: str, record: Message, event: Event[Any] | EnvelopeError, said: str) -> Self:
        """Park an event to be tried again, and what is none as dead."""
        if isinstance(event, EnvelopeError):
            return cls(topic, record, "dead", why(event))
        return cls(topic, record, "retry", said, event)

    @classmethod
    def after(cls, topic: str, record: Message, event: Event[Any], error: Exception) -> Self:
        """Park an event that failed; one that claims another's place is for somebody to look at."""
        state: ParkedState = "fork" if isinstance(error, Fork) else "retry"
        return cls(topic, record, state, why(error), event)

    def row(self) -> dict[str, Any]:
        """The columns; the same record always has the same id."""
        event, record = self.event, self.record
        headers = packed(record.headers)
        return {
            "id": self._id(headers),
            "topic": self.topic,
            "key": event.key if event else _readable(record.key),
            "epoch": event and event.epoch,
            "seq": event and event.seq,
            "event_id": event and event.id,
            "type": event and event.type,
            "partition": record.partition,
            "offset": record.offset,
            "record_key": record.key,
            "headers": headers,
            "data": record.value,
            "state": self.state,
            "error": self.error,
            "next_attempt_at": sa.func.now() if self.state == "retry" else None,
        }

    def _id(self, headers: bytes) -> UUID:
        """What the relay sends again is the same event; garbage is told apart by its place."""
        place = "" if self.event else f"{self.record.partition}/{self.record.offset}"
        digest = hashlib.blake2b(digest_size=16)
        for part in (self.topic.encode(), place.encode(), self.record.key, self.record.value):
            digest.update(b"-" if part is None else b"%d:" % len(part) + part)
        digest.update(headers)
        return UUID(bytes=digest.digest())


async def parked_keys(tx: AsyncSession, topic: str, keys: Iterable[str]) -> set[str]:
    """Which of these keys have an event that waits, as far as is committed."""
    if not await tx.scalar(_ANY_WAITING, {"topic": topic}):
        return set()
    return set(await tx.scalars(_WAITING_KEYS, {"topic": topic, "keys": list(keys)}))


async def park(tx: AsyncSession, parked: Sequence[Parked]) -> None:
    """Keep these; what is kept already stays as it is."""
    for each in parked:
        await tx.execute(insert(parked_event).values(each.row()).on_conflict_do_nothing())


async def forget_parked(
    tx: AsyncSession, topic: str, key: str, before: tuple[int, int] | None = None
) -> None:
    """Remove what is parked of a key, or only its events before a position and what is dead.

    A state stands for all before it, so nothing is lost where a later one is applied or parked.
    """
    statement = sa.delete(parked_event).where(_ROW.topic == topic, _ROW.key == key)
    if before is not None:
        earlier = sa.tuple_(_ROW.epoch, _ROW.seq) < sa.tuple_(*before)
        statement = statement.where(sa.or_(earlier, _ROW.epoch.is_(None)))
    await tx.execute(statement)


def event_of(state: type[State], row: sa.RowMapping) -> Event[Any]:
    """The event in a parked row, as it was repaired if it was. Raises EnvelopeError."""
    if row["edited"] is not None:
        return from_binary(state, None, row["edited"], _STRUCTURED)
    return from_binary(state, row["record_key"], row["data"], unpacked(row["headers"]))


def erases(event: Event[Any]) -> bool:
    """Whether what was said of its aggregate before must not be kept: its verb ends in `erased`."""
    return event.data is None or event.type.rpartition(".")[0].endswith("erased")


def packed(headers: Headers) -> bytes:
    """Write headers down, whatever is in them."""
    return orjson.dumps([[name, value and value.hex()] for name, value in headers])


def unpacked(headers: bytes) -> Headers:
    """Read them again."""
    return [
        (name, None if value is None else bytes.fromhex(value))
        for name, value in orjson.loads(headers)
    ]


def why(error: BaseException) -> str:
    """Say what went wrong by class, code and place, and never by a message that may quote."""
    if isinstance(error, Spoken):
        return str(error)[:_LONGEST_ERROR]
    [first, *_] = told(error)
    codes = [str(first[name]) for name in ("sqlstate", "constraint_name") if name in first]
    place = f" at {first['frames'][-1]}" if first["frames"] else ""
    return (" ".join([first["error"], *codes]) + place)[:_LONGEST_ERROR]


def _readable(key: bytes | None) -> str | None:
    try:
        text = (key or b"").decode()
    except UnicodeDecodeError:
        return None
    return text if 0 < len(text) <= 200 and "\x00" not in text else None  # noqa: PLR2004 (of ids)
