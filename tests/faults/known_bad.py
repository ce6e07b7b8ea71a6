"""Ways to read and send that are known to be wrong; a proof counts once it has caught them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import sqlalchemy as sa
import structlog
from aiokafka import AIOKafkaProducer
from fastapi import Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.access.actor import Actor
from shared.streams.kafka import Brokers, Producer
from shared.streams.kafka.brokers import reach

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_PAUSE = 0.002


@dataclass(frozen=True, slots=True)
class Cursor:
    """A statement that reads on from a place, and how a row becomes the next place."""

    statement: str
    beginning: tuple[int, ...]
    place: Callable[[Any], tuple[int, ...]]


BY_ID = Cursor(
    "SELECT id, event_id, key, seq FROM event_log WHERE id > $1 ORDER BY id LIMIT 500",
    (0,),
    lambda row: (row["id"],),
)
"""The obvious one; but an id is drawn before its row is committed."""

BY_XMIN = Cursor(
    "SELECT xid, id, event_id, key, seq FROM event_log "
    "WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) AND (xid, id) > ($1, $2) "
    "ORDER BY xid, id LIMIT 500",
    (0, 0),
    lambda row: (row["xid"], row["id"]),
)
"""The popular one; but a transaction gets its xid at its first write, whatever that was."""


@dataclass
class Account:
    """What a reader was given; of an event given twice, the first time counts."""

    heard: set[UUID] = field(default_factory=set)
    out_of_order: int = 0
    _highest: dict[str, int] = field(default_factory=dict)

    def take(self, event_id: UUID, key: str, seq: int) -> None:
        """Note an event; it is out of order when a later one of its key came before it."""
        if event_id not in self.heard:
            self.heard.add(event_id)
            self.out_of_order += seq < self._highest.get(key, 0)
            self._highest[key] = max(seq, self._highest.get(key, 0))


@asynccontextmanager
async def following(url: str, cursor: Cursor) -> AsyncIterator[Account]:
    """A reader at work on the log of a database."""
    account = Account()
    connection = await asyncpg.connect(url)
    task = asyncio.create_task(_follow(connection, cursor, account))
    try:
        yield account
    finally:
        task.cancel()
        await asyncio.wait([task])
        connection.terminate()


async def _follow(connection: Connection, cursor: Cursor, account: Account) -> None:
    place = cursor.beginning
    while True:
        for row in await connection.fetch(cursor.statement, *place):
            account.take(row["event_id"], row["key"], row["seq"])
            place = cursor.place(row)
        await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def open_unfenced_producer(brokers: Brokers, _fence: str) -> AsyncIterator[Producer]:
    """A plain idempotent producer: whoever opened one before can go on writing."""
    producer = AIOKafkaProducer(**reach(brokers), acks="all", enable_idempotence=True)
    await producer.start()
    try:
        yield Producer(producer)
    finally:
        await producer.stop()


async def scope_rows_of_the_session(tx: AsyncSession, actor: Actor | None) -> None:
    """The obvious way to scope rows; but it outlives the transaction, with its connection."""
    if actor is not None:
        scopes = ",".join(map(str, actor.scopes))
        await tx.execute(sa.select(sa.func.set_config("app.scopes", scopes, False)))  # noqa: FBT003 (SQL's own)


def log_all_that_there_is() -> None:
    """The obvious way to log: a line has whatever it is given, an error its message."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


async def echo_what_was_sent(request: Request, error: Exception) -> Response:
    """The framework's own answer to a body that breaks a rule; it has the values in it."""
    assert isinstance(error, RequestValidationError)
    return await request_validation_exception_handler(request, error)
