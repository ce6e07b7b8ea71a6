"""Replaces the keys of a vault while it is in use; killed at any moment, it goes on when repeated.

An epoch's key is replaced by wrapping every subject's key anew, an index key by writing every
digest anew. The tables tell how far it is: as long as there are two keys, the older is retiring.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from shared.database import Database
from shared.streams.log import Tx
from shared.vault.keys import Key
from shared.vault.tables import blind_index, epoch_key, index_key, subject
from shared.vault.vault import F, Vault, home_of, sealed, write_digests

log = structlog.get_logger(__name__)

BATCH = 200
"""Subjects that are done in one transaction, and have their writers wait for it."""
_DIGESTS = 2000

Progress = Callable[[int, int], None]
"""Is told how many of how many subjects are done."""

_BEFORE_ALL = UUID(int=0)


async def rotate_epoch(vault: Vault[F], database: Database, tell: Progress) -> None:
    """Wrap every subject's key under a new epoch's, then destroy the old. Raises Unavailable."""
    async with database.transaction() as tx:
        newest = await vault.keys.successor(tx, epoch_key)
        total = await _count(tx)
        done = total - await _count(tx, subject.c.epoch_id < newest.id)
    more = True
    while more:
        tell(done, max(done, total))
        async with database.transaction() as tx:
            done += await _wrap_anew(vault, tx, newest)
            more = bool(await _some(tx, subject.c.epoch_id < newest.id, 1))
    tell(done, max(done, total))
    async with database.transaction() as tx:
        # If a subject still needed it, the foreign key would refuse.
        await tx.execute(sa.delete(epoch_key).where(epoch_key.c.id < newest.id))
    log.info("vault.rotated", keys="epoch", newest=newest.id, subjects=total)


async def rotate_index(vault: Vault[F], database: Database, tell: Progress) -> None:
    """Write every digest under a new key, then destroy the old. Raises Unavailable."""
    async with database.transaction() as tx:
        newest = await vault.keys.successor(tx, index_key)
        total = await _count(tx)
    done = 0
    ids: Sequence[UUID] = [_BEFORE_ALL]
    while ids:
        tell(done, max(done, total))
        async with database.transaction() as tx:
            ids = await _some(tx, subject.c.subject_id > ids[-1], BATCH)
            await _digest_anew(vault, tx, ids, newest)
        done += len(ids)
    await _forget(vault, database, newest)
    log.info("vault.rotated", keys="index", newest=newest.id, subjects=total)


async def _wrap_anew(vault: Vault[F], tx: Tx, newest: Key) -> int:
    anew = []
    for row in await _locked(tx, await _some(tx, subject.c.epoch_id < newest.id, BATCH)):
        key = await vault.key_of(row)
        anew.append({"whose": row.subject_id, "anew": key.wrapped(newest)})
    if anew:
        update = (
            sa.update(subject)
            .where(subject.c.subject_id == sa.bindparam("whose"))
            .values(wrapped_key=sa.bindparam("anew"), epoch_id=newest.id)
        )
        await (await tx.connection()).execute(update, anew)
    return len(anew)


async def _digest_anew(vault: Vault[F], tx: Tx, ids: Sequence[UUID], newest: Key) -> None:
    lines = []
    for row in await _locked(tx, ids):
        present = (await vault.unseal(row)).present()
        lines += vault.digests(row.subject_id, home_of(row), present, [newest])
    # Those that an earlier try or a writer has written are there already.
    await write_digests(tx, lines)


async def _forget(vault: Vault[F], database: Database, newest: Key) -> None:
    """Take away what the older keys are needed for, and last the keys themselves."""
    old = blind_index.c.key_id < newest.id
    key = (blind_index.c.subject_id, blind_index.c.name, blind_index.c.key_id)
    some = sa.tuple_(*key).in_(sa.select(*key).where(old).limit(_DIGESTS))
    gone = _DIGESTS
    while gone == _DIGESTS:
        async with database.transaction() as tx:
            taken = await tx.execute(sa.delete(blind_index).where(some).returning(key[0]))
            gone = len(taken.all())
    async with database.transaction() as tx:
        await vault.keys.alone(tx)
        await tx.execute(sa.delete(blind_index).where(old))
        await tx.execute(sa.delete(index_key).where(index_key.c.id < newest.id))


async def _some(tx: Tx, which: sa.ColumnElement[bool], most: int) -> Sequence[UUID]:
    """The next subjects that are not erased, in the order of their ids."""
    ids = sa.select(subject.c.subject_id).where(subject.c.erased_at.is_(None), which)
    return (await tx.scalars(ids.order_by(subject.c.subject_id).limit(most))).all()


async def _locked(tx: Tx, ids: Sequence[UUID]) -> Sequence[sa.Row[Any]]:
    """These subjects, sealed, without those erased meanwhile; none is erased before `tx` ends."""
    those = subject.c.subject_id.in_(ids)
    # In the order of their ids, or two of us could wait for each other.
    lock = sa.select(subject.c.subject_id).where(those).order_by(subject.c.subject_id)
    await tx.execute(lock.with_for_update())
    return await sealed(tx, those, subject.c.erased_at.is_(None), most=len(ids))


async def _count(tx: Tx, *which: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).where(subject.c.erased_at.is_(None), *which)
    return (await tx.execute(counted.select_from(subject))).scalar_one()
