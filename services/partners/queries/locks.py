"""Rows as they are now, and as they stay until this transaction is over."""

from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from services.partners.models import Agreement, Opportunity
from shared.streams.log import Tx

T = TypeVar("T", Agreement, Opportunity)


async def locked(tx: Tx, kind: type[T], key: UUID, *, to_change: bool = True) -> T:
    """The row with this id, locked; several may hold a row that none of them changes."""
    # Not by `tx.get`, which takes a row that is newer than what was read before for a conflict.
    statement = (
        sa.select(kind)
        .where(kind.__table__.c.id == key)  # type: ignore[attr-defined]  # as SQLModel has it
        .with_for_update(read=not to_change)
        .execution_options(populate_existing=True)
    )
    return (await tx.execute(statement)).scalar_one()
