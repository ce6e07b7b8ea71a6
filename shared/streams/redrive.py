"""The redriver: takes parked events up again, key by key, each in its order, until one fails.

What it takes away goes in the transaction of the effect; so whoever sees the key free sees all that
came of it, and the listener needs no lock to let later events pass (docs/decisions/0014).
"""

import asyncio
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import distinct_on

from shared.database import Database
from shared.sentences import Sentence
from shared.streams.codec import EnvelopeError
from shared.streams.hearing import Hearing
from shared.streams.log import Tx
from shared.streams.parking import WAITING, event_of, parked_event, why
from shared.streams.verdicts import Failure, Fork, failure_of, rest_for
from shared.telemetry.instruments import tried_again
from shared.waiting import wait

log = structlog.get_logger(__name__)

LOOK: Final = 1.0
"""Seconds between two looks when nothing is due."""
_OUTAGE: Final = 5.0
KEPT_FOR: Final = timedelta(days=30)
"""How long what was put aside can be looked at; as long as a topic keeps an older state."""
_MOST_KEYS: Final = 100
_ROW: Final = parked_event.c
_NOW: Final = sa.func.now()

_HEADS = (
    sa.select(_ROW.topic, _ROW.key, _ROW.state, _ROW.next_attempt_at)
    .where(WAITING)
    .ext(distinct_on(_ROW.topic, _ROW.key))
    .order_by(_ROW.topic, _ROW.key, _ROW.epoch, _ROW.seq, _ROW.first_failed_at, _ROW.id)
    .subquery()
)
_DUE = (
    sa.select(_HEADS.c.topic, _HEADS.c.key)
    .where(_HEADS.c.state == "retry", _HEADS.c.next_attempt_at <= _NOW)
    .order_by(_HEADS.c.next_attempt_at)
    .limit(_MOST_KEYS)
)
_DEAD = (
    sa.select(parked_event)
    .where(_ROW.state == "dead", _ROW.next_attempt_at <= _NOW)
    .limit(_MOST_KEYS)
    .with_for_update(skip_locked=True)
)
_OLD = sa.delete(parked_event).where(
    _ROW.state == "skipped", _ROW.first_failed_at < _NOW - KEPT_FOR
)
_HEAD = (
    sa.select(parked_event)
    .where(WAITING, _ROW.topic == sa.bindparam("topic"), _ROW.key == sa.bindparam("key"))
    .order_by(_ROW.epoch, _ROW.seq, _ROW.first_failed_at, _ROW.id)
    .limit(1)
)
_LOCK = sa.select(
    sa.func.pg_try_advisory_xact_lock(
        sa.func.hashtextextended(sa.literal("parked ") + sa.bindparam("name"), 0)
    )
)


class Redriver:
    """Looks after what one service has parked; several of them share the keys."""

    def __init__(self, database: Database, hearing: Hearing) -> None:
        self._database = database
        self._hearing = hearing

    async def run(self, stop: asyncio.Event) -> None:
        """Redrive what is due until `stop` is set; an outage counts against no event."""
        while not stop.is_set():
            try:
                await self.redrive(stop)
                pause = LOOK
            except Exception as error:  # noqa: BLE001 (whatever it was, what is parked stays)
                log.warning("redriver.interrupted", error=type(error).__name__)
                pause = _OUTAGE
            await wait(stop, pause)

    async def redrive(self, stop: asyncio.Event | None = None) -> None:
        """Take up once whatever is due now. Raises what an outage raises."""
        async with self._database.transaction() as tx:
            await tx.execute(_OLD)
            for row in (await tx.execute(_DEAD)).mappings().all():
                changes = self._read(row) | {"version": _ROW.version + 1}
                await tx.execute(sa.update(parked_event).where(_is(row)).values(changes))
            due = (await tx.execute(_DUE)).all()
        for topic, key in due:
            while not (stop and stop.is_set()) and await self._take_up(topic, key):
                pass

    async def _take_up(self, topic: str, key: str) -> bool:
        """Take up the first event of a key; return whether its next one may follow at once."""
        row: sa.RowMapping | None = None
        try:
            async with self._database.transaction() as tx:
                if not await tx.scalar(_LOCK, {"name": f"{topic} {key}"}):
                    return False
                row = await _head(tx, topic, key)
                if row is None or row["state"] != "retry":
                    return False
                await self._take(tx, row)
                await tx.execute(sa.delete(parked_event).where(_is(row)))
        except Exception as error:
            if row is None or failure_of(error) is Failure.OUTAGE:
                raise
            await self._rest(row, error)
            return False
        log.info("redriver.taken", topic=topic)
        return True

    async def _take(self, tx: Tx, row: sa.RowMapping) -> None:
        copy = self._hearing.copies[row["topic"]]
        await self._hearing.apply(tx, copy, [event_of(copy.state, row)])

    async def _rest(self, row: sa.RowMapping, error: Exception) -> None:
        """Let a key rest, the longer the more often it failed; a fork until somebody decides."""
        attempts, text = row["attempts"] + 1, why(error)
        tried_again(row["topic"], "parking")
        state = "fork" if isinstance(error, Fork) else "retry"
        again = sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, rest_for(attempts))
        async with self._database.transaction() as tx:
            await tx.execute(
                sa.update(parked_event)
                .where(_is(row), _ROW.version == row["version"])
                .values(
                    state=state,
                    attempts=attempts,
                    error=text,
                    next_attempt_at=again,
                    version=_ROW.version + 1,
                )
            )
        log.warning("redriver.failed", topic=row["topic"], attempts=attempts, reason=Sentence(text))

    def _read(self, row: sa.RowMapping) -> dict[str, Any]:
        """What a repair, or a newer version, makes of a dead event: one with a place in its key."""
        try:
            event = event_of(self._hearing.copies[row["topic"]].state, row)
        except (EnvelopeError, KeyError) as error:
            return {"error": why(error), "next_attempt_at": None}
        place = {"key": event.key, "epoch": event.epoch, "seq": event.seq, "event_id": event.id}
        return {"state": "retry", "type": event.type, **place}


def _is(row: sa.RowMapping) -> sa.ColumnElement[bool]:
    same: sa.ColumnElement[bool] = _ROW.id == row["id"]
    return same


async def _head(tx: Tx, topic: str, key: str) -> sa.RowMapping | None:
    """The first event of a key that waits; nobody else changes it until the end of `tx`."""
    found = await tx.execute(_HEAD.with_for_update(), {"topic": topic, "key": key})
    return found.mappings().one_or_none()
