"""How every list of the registry is read, and which rows of an enterprise's register it shows."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.models import Enterprise, Unit
from shared.access.scope import Place
from shared.streams.log import Tx
from shared.web.paging import Window, page

Rows = tuple[Sequence[Any], str | None]
"""Some things, and where the next page begins."""

REGISTER = Place(
    unit=col(Unit.id),
    region=col(Unit.region_code),
    enterprise=col(Enterprise.id),
    persons=col(Enterprise.owner_ids),
)
"""Where what is noted of an enterprise belongs: to its unit of today, and to its owners."""


def of_register(statement: sa.Select[Any], enterprise_id: Any) -> sa.Select[Any]:  # noqa: ANN401 (a column)
    """Join an enterprise and its unit to rows that name it, for REGISTER to look at."""
    return statement.join(Enterprise, col(Enterprise.id) == enterprise_id).join(
        Unit, col(Unit.id) == col(Enterprise.unit_id)
    )


async def listed(tx: Tx, statement: sa.Select[Any], keys: Sequence[Any], window: Window) -> Rows:
    """One page of the things that a statement selects, in the order of `keys`."""
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following


async def places_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Where the registers of these enterprises belong, as `Actor.covers` takes it."""
    columns = col(Enterprise.id), col(Enterprise.owner_ids), col(Unit.id), col(Unit.region_code)
    statement = (
        sa.select(*columns)
        .join(Unit, col(Unit.id) == col(Enterprise.unit_id))
        .where(col(Enterprise.id).in_(ids))
    )
    return {
        enterprise_id: {
            "unit": unit_id,
            "region": region_code,
            "enterprise": enterprise_id,
            "persons": owner_ids,
        }
        for enterprise_id, owner_ids, unit_id, region_code in await tx.execute(statement)
    }
