"""The keys of a vault: wrapped in its tables, unwrapped once by the key service, then in memory.

Writers hold a lock that they share. Whoever adds a key waits for all of them, so that every writer
either is done before the key exists or uses it: nothing is written past a rotation.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.refusals import Unavailable
from shared.streams.log import Tx
from shared.vault.cipher import new_key, place
from shared.vault.service import KeyService, KeyServiceDown
from shared.vault.tables import epoch_key, index_key

ANSWER_DEADLINE = 2.0
"""Seconds that the key service has to answer."""

_SHARED = sa.text("SELECT pg_advisory_xact_lock_shared(hashtext('sinergi.vault.keys'))")
_ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtext('sinergi.vault.keys'))")
_FIRST = sa.text("SELECT pg_advisory_xact_lock(hashtext('sinergi.vault.first_key'))")


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its number in its table."""

    id: int
    secret: bytes = b""

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Keys:
    """Asks the key service for each key once; everything here may raise Unavailable."""

    def __init__(self, service: KeyService) -> None:
        self._service = service
        # By what is in the table: a number alone may come again when its transaction fails.
        self._known: dict[bytes, Key] = {}

    async def to_write_with(self, tx: Tx) -> tuple[Key, list[Key]]:
        """The newest epoch's key and all index keys; none is added or removed before `tx` ends."""
        await tx.execute(_SHARED)
        epochs = await self.all(tx, epoch_key) or [await self._first(tx, epoch_key)]
        return epochs[-1], await self.indexes(tx)

    async def indexes(self, tx: Tx) -> list[Key]:
        """All index keys, the oldest first."""
        return await self.all(tx, index_key) or [await self._first(tx, index_key)]

    async def epoch(self, number: int, wrapped: bytes) -> Key:
        """The key of one epoch, which was read together with what it is needed for."""
        return await self._unwrapped(epoch_key, number, wrapped)

    async def successor(self, tx: Tx, table: sa.Table) -> Key:
        """The key that replaces all older ones of its table: one added now, or on an earlier try.

        Every writer of before is done when this returns, and those after use it too.
        """
        await self.alone(tx)
        keys = await self.all(tx, table)
        return keys[-1] if len(keys) > 1 else await self._add(tx, table)

    async def alone(self, tx: Tx) -> None:
        """Wait for all writers, and let none in before `tx` ends."""
        await tx.execute(_ALONE)

    async def all(self, tx: Tx, table: sa.Table) -> list[Key]:
        """The keys of a table, the oldest first."""
        rows = await tx.execute(sa.select(table.c.id, table.c.wrapped).order_by(table.c.id))
        return [await self._unwrapped(table, *row) for row in rows]

    async def _first(self, tx: Tx, table: sa.Table) -> Key:
        # Two at once: the second waits here, then finds the first one's.
        await tx.execute(_FIRST)
        there = await self.all(tx, table)
        return there[-1] if there else await self._add(tx, table)

    async def _add(self, tx: Tx, table: sa.Table) -> Key:
        newest = await tx.scalar(sa.select(sa.func.max(table.c.id)))
        key = Key((newest or 0) + 1, new_key())
        wrapped = await self._ask(lambda: self._service.wrap(key.secret, _about(table, key.id)))
        await tx.execute(sa.insert(table).values(id=key.id, wrapped=wrapped))
        return key

    async def _unwrapped(self, table: sa.Table, number: int, wrapped: bytes) -> Key:
        if wrapped not in self._known:
            about = _about(table, number)
            secret = await self._ask(lambda: self._service.unwrap(wrapped, about))
            self._known[wrapped] = Key(number, secret)
        return self._known[wrapped]

    async def _ask(self, question: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        try:
            async with asyncio.timeout(ANSWER_DEADLINE):
                return await question()
        except (KeyServiceDown, TimeoutError):
            message = "The key service does not answer, and this needs it. Send it again later."
            raise Unavailable(message) from None


def _about(table: sa.Table, number: int) -> bytes:
    return place(table.name, table.c.wrapped.name, None, number)
