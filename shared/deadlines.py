"""What time makes a service do: what is due, one thing after another, while its worker lives.

Each thing is done in a transaction of its own, so that a kill loses or repeats nothing. What fails
by a fault of its own rests, and holds nobody else up; an outage makes everything wait.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col

from shared.access.actor import system
from shared.database import Database
from shared.streams.log import Tx
from shared.streams.verdicts import Failure, failure_of, hold_for
from shared.waiting import wait

log = structlog.get_logger(__name__)

LOOK: Final = 0.5
"""Seconds between two looks when nothing is due."""
REST: Final = 60.0
"""Seconds before what failed is tried again."""


class Due(Protocol):
    """Something that time acts on, known by an id that nothing else has."""

    @property
    def id(self) -> UUID: ...


class DueRow(Due, Protocol):
    """A row that says when; never, if `due_at` is None."""

    @property
    def due_at(self) -> datetime | None: ...


D = TypeVar("D", bound=Due)
R = TypeVar("R", bound=DueRow)

First = Callable[[Tx, Collection[UUID]], Awaitable[D | None]]
"""Finds the first thing that is due by the database's clock, but for those at rest.

It locks what it finds with FOR UPDATE SKIP LOCKED, so that several workers share the work.
"""


@dataclass(frozen=True, slots=True)
class Deadline(Generic[D]):
    """One kind of deadline: what is done, by its name in the audit trail, to whom, and how."""

    operation: str
    first: First[D]
    act: Callable[[Tx, D], Awaitable[object]]


def first_due(rows: type[R]) -> First[R]:
    """Find the row of a table that has been due for longest."""
    key, due_at = col(rows.id), col(rows.due_at)
    oldest = sa.select(rows).where(due_at <= sa.func.now()).order_by(due_at, key).limit(1)

    async def first(tx: Tx, resting: Collection[UUID]) -> R | None:
        others = oldest.where(key.not_in(resting)) if resting else oldest
        return await tx.scalar(others.with_for_update(skip_locked=True))

    return first


class Deadlines:
    """Takes what is due of a service."""

    def __init__(
        self, database: Database, service: str, deadlines: Sequence[Deadline[Any]]
    ) -> None:
        self._database = database
        self._service = service
        self._deadlines = deadlines
        self._resting: dict[UUID, float] = {}
        """What failed, and until when it rests, on the monotonic clock."""

    async def run(self, stop: asyncio.Event) -> None:
        """Take what is due until `stop` is set."""
        in_vain = 0
        while not stop.is_set():
            try:
                pause = 0.0 if await self.take() else LOOK
                in_vain = 0
            except Exception as error:  # noqa: BLE001 (one fault must not end what all others wait for)
                in_vain += 1
                pause = hold_for(in_vain)
                log.error("deadlines.held", error=type(error).__name__, attempts=in_vain)  # noqa: TRY400 (its text may hold what was stored)
            await wait(stop, pause)

    async def take(self) -> bool:
        """Do one thing that is due, and say whether there was one; what fails is put to rest.

        Raises what an outage raises, and what looking itself does.
        """
        now = time.monotonic()
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        doing: _Doing | None = None
        try:
            async with self._database.transaction() as tx:
                for deadline in self._deadlines:
                    tx.actor = system(self._service, deadline.operation)
                    due = await deadline.first(tx, self._resting)
                    if due is not None:
                        doing = _Doing(deadline.operation, due.id)
                        await deadline.act(tx, due)
                        break
        except Exception as error:
            if doing is None or failure_of(error) is Failure.OUTAGE:
                raise
            self._rest(doing, error)
        return doing is not None

    def _rest(self, doing: "_Doing", error: Exception) -> None:
        self._resting[doing.target] = time.monotonic() + REST
        log.error(
            "deadlines.rests",
            operation=doing.operation,
            target=doing.target,
            error=type(error).__name__,
        )


class _Doing(NamedTuple):
    """What is being done, and to what."""

    operation: str
    target: UUID
