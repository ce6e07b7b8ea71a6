"""What enterprises occupy in the facilities of the units."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.registry.copies import TenancyCopy
from services.registry.queries.enterprises import ids_within
from shared.streams.log import Tx

Tenancies = dict[UUID, list[sa.Row[Any]]]


async def tenancies(tx: Tx, ids: Collection[UUID], day: date | None = None) -> Tenancies:
    """By enterprise, its tenancies and those of what was merged into it, the earliest first.

    With a day, only those that hold on it.
    """
    table = TenancyCopy.table.c
    roots = await ids_within(tx, ids)
    statement = sa.select(TenancyCopy.table).where(table.enterprise_id.in_(roots))
    if day is not None:
        statement = statement.where(table.starts_on <= day, table.ends_on >= day)
    found: Tenancies = {}
    for row in await tx.execute(statement.order_by(table.starts_on, table.id)):
        found.setdefault(roots[row.enterprise_id], []).append(row)
    return found
