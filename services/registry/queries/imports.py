"""How far the files are that were handed in."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.errors import ImportNotFound
from services.registry.models import (
    Enterprise,
    EnterpriseImport,
    ImportChunk,
    ImportRejection,
    Unit,
)
from services.registry.queries.lists import Rows, listed
from shared.access.actor import Scope, ScopeKind
from shared.streams.log import Tx
from shared.web.paging import Window


async def import_ids(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Of these enterprises, those that exist, each with the import it came from, if it did."""
    columns = col(Enterprise.id), col(Enterprise.import_id)
    rows = await tx.execute(sa.select(*columns).where(col(Enterprise.id).in_(ids)))
    return {row.id: row.import_id for row in rows}


async def import_job(tx: Tx, import_id: UUID) -> EnterpriseImport:
    """The import with this id, for who keeps all registers it is for and for who handed it in.

    Raises ImportNotFound, for everyone else as for one that there is not.
    """
    found = await tx.get(EnterpriseImport, import_id)
    if found is None or not await _may_see(tx, found):
        raise ImportNotFound("There is no import with this id.")
    return found


async def _may_see(tx: Tx, job: EnterpriseImport) -> bool:
    if tx.actor is None:
        return False
    if job.submitted_by == tx.actor.subject:
        return True
    scope = Scope.parse(job.scope)
    if scope.kind is not ScopeKind.UNIT:
        return tx.actor.covers(region=str(scope.of) if scope.of else None)
    unit = await tx.get(Unit, scope.of)
    return unit is not None and tx.actor.covers(unit=unit.id, region=unit.region_code)


async def import_of_file(tx: Tx, digest: bytes, scope: str) -> EnterpriseImport | None:
    """The import of a file with these bytes in this scope, if it was handed in before."""
    # The same bytes handed in twice at once: the second waits, and finds what the first did.
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(digest.hex()))))
    statement = sa.select(EnterpriseImport).where(
        col(EnterpriseImport.digest) == digest,
        col(EnterpriseImport.scope) == scope,
    )
    return (await tx.execute(statement)).scalar_one_or_none()


async def next_import(tx: Tx) -> EnterpriseImport | None:
    """The oldest unfinished import that no other worker has in hand, locked for this tx."""
    statement = (
        sa.select(EnterpriseImport)
        .where(col(EnterpriseImport.status).in_(("waiting", "running")))
        .order_by(col(EnterpriseImport.submitted_at), col(EnterpriseImport.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await tx.execute(statement)).scalar_one_or_none()


async def import_bytes(tx: Tx, import_id: UUID, first: int, count: int) -> bytes:
    """The contents of `count` chunks of a file from chunk `first` on."""
    statement = (
        sa.select(col(ImportChunk.content))
        .where(
            col(ImportChunk.import_id) == import_id,
            col(ImportChunk.number) >= first,
            col(ImportChunk.number) < first + count,
        )
        .order_by(col(ImportChunk.number))
    )
    return b"".join(await tx.scalars(statement))


async def rejections(tx: Tx, import_id: UUID, window: Window) -> Rows:
    """The rejected lines of an import, in the order of the file."""
    statement = sa.select(ImportRejection).where(col(ImportRejection.import_id) == import_id)
    return await listed(tx, statement, [col(ImportRejection.line)], window)
