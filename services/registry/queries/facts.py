"""What is noted of an enterprise: its identifiers, and its economics on a day."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from services.registry.errors import IdentifierNotFound, SnapshotNotFound
from services.registry.models import Identifier, Snapshot
from services.registry.queries.lists import Rows, listed
from shared.streams.log import Tx
from shared.web.paging import Window


async def identifiers(tx: Tx, enterprise_id: UUID, window: Window) -> Rows:
    """The identifiers of an enterprise, the oldest first."""
    statement = sa.select(Identifier).where(col(Identifier.enterprise_id) == enterprise_id)
    return await listed(tx, statement, [col(Identifier.id)], window)


async def identifier(tx: Tx, enterprise_id: UUID, identifier_id: UUID) -> Identifier:
    """One of them. Raises IdentifierNotFound."""
    found = await tx.get(Identifier, identifier_id)
    if found is None or found.enterprise_id != enterprise_id:
        raise IdentifierNotFound("The enterprise has no identifier with this id.")
    return found


async def insert_identifier(tx: Tx, values: dict[str, Any]) -> Identifier | None:
    """Note an identifier; None when the same one, or a sole one, stands in its way."""
    # A plain insert that meets a unique index would end the whole transaction.
    statement = insert(Identifier).values(values).on_conflict_do_nothing().returning(Identifier)
    return (await tx.scalars(statement)).one_or_none()


async def snapshots(tx: Tx, enterprise_id: UUID, window: Window) -> Rows:
    """The economics of an enterprise in the order of the days."""
    statement = sa.select(Snapshot).where(col(Snapshot.enterprise_id) == enterprise_id)
    return await listed(tx, statement, [col(Snapshot.as_of), col(Snapshot.id)], window)


async def snapshot(tx: Tx, enterprise_id: UUID, snapshot_id: UUID) -> Snapshot:
    """One of them. Raises SnapshotNotFound."""
    found = await tx.get(Snapshot, snapshot_id)
    if found is None or found.enterprise_id != enterprise_id:
        raise SnapshotNotFound("The enterprise has no snapshot with this id.")
    return found


async def latest_day(tx: Tx, enterprise_id: UUID) -> date | None:
    """The day of its newest snapshot."""
    newest = sa.func.max(col(Snapshot.as_of))
    return await tx.scalar(sa.select(newest).where(col(Snapshot.enterprise_id) == enterprise_id))
