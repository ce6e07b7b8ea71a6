"""How a person comes to belong to another unit."""

from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from shared.streams.log import Tx
from shared.vault.fields import Home
from shared.vault.tables import blind_index, subject


async def move(tx: Tx, subject_id: UUID, home: Home) -> None:
    """Let everything that is kept of a person belong to `home`.

    If that unit has registered them itself, its own record alone is found by the value that they
    share, as a unit finds one person by it.
    """
    version = subject.c.version + 1
    whose = sa.update(subject).where(subject.c.subject_id == subject_id)
    moved = whose.values(version=version, **asdict(home))
    try:
        async with tx.begin_nested():
            await tx.execute(moved)
    except IntegrityError:
        shared = blind_index.c.subject_id == subject_id, blind_index.c.sole
        await tx.execute(sa.delete(blind_index).where(*shared))
        await tx.execute(moved)
