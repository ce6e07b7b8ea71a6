"""Says, where the api can read it, how far a listener that is behind has caught up.

The api never asks Kafka: each worker writes down what its own member of the group knows.
"""

import asyncio
from typing import Final, Protocol
from uuid import uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.streams.lags import Lag
from shared.tables import metadata
from shared.waiting import wait

log = structlog.get_logger(__name__)

FAR: Final = 1_000
"""Events that a service may be behind before anyone is told of it."""
LOOK: Final = 5.0
_FORGET: Final = sa.text("DELETE FROM catching_up WHERE at < now() - interval '30 seconds'")
_SUMS: Final = sa.text("""
SELECT coalesce(sum(behind), 0)::bigint AS behind, coalesce(sum(at_most), 0)::bigint AS at_most
FROM catching_up WHERE at > now() - interval '30 seconds'
""")

catching_up = sa.Table(
    "catching_up",
    metadata,
    sa.Column("member", sa.Uuid, primary_key=True),
    sa.Column("behind", sa.BigInteger, nullable=False),
    sa.Column("at_most", sa.BigInteger, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)
"""By member of the group: events it has to hear, and the most there were since it had none."""


class Listening(Protocol):
    """What knows how far the copies are behind, by topic."""

    async def lags(self) -> dict[str, Lag]:
        """The lag by topic."""


class CatchingUp:
    """A task that writes down how far one listener is, for as long as it is behind."""

    def __init__(self, database: Database, listener: Listening) -> None:
        self._database = database
        self._listener = listener
        self._member = uuid4()
        self._at_most = 0
        self._behind = 0

    @property
    def percent(self) -> int | None:
        """How much this member has heard of what it had to hear; None when it is not far behind."""
        return _percent(self._behind, self._at_most)

    async def run(self, stop: asyncio.Event) -> None:
        """Look every five seconds, until `stop` is set."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 (whoever cannot be asked now is asked again)
                log.warning("catching_up.not_known", error=type(error).__name__)
            await wait(stop, LOOK)

    async def look(self) -> None:
        """Write how far it is; nothing while there is nothing to catch up with."""
        behind = sum(lag.events for lag in (await self._listener.lags()).values())
        if not behind and not self._at_most:
            return
        self._behind = behind
        self._at_most = max(self._at_most, behind) if behind else 0
        told = {"behind": behind, "at_most": self._at_most, "at": sa.func.now()}
        upsert = insert(catching_up).values(member=self._member, **told)
        async with self._database.transaction() as tx:
            await tx.execute(upsert.on_conflict_do_update(index_elements=["member"], set_=told))
            await tx.execute(_FORGET)


async def percent(tx: AsyncSession) -> int | None:
    """How much of what it had to hear a service has heard; None when it is not far behind."""
    sums = (await tx.execute(_SUMS)).one()
    return _percent(sums.behind, sums.at_most)


def caught_up(percent: int | None) -> str | None:
    """What is said of somebody who is far behind."""
    return None if percent is None else f"Catching up {percent} %"


def _percent(behind: int, at_most: int) -> int | None:
    return None if behind < FAR else int(100 * (at_most - behind) // at_most)
