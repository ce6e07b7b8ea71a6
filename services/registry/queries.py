"""Every question the registry answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.errors import EnterpriseNotFound, ImportNotFound, UnitNotFound
from services.registry.models import (
    Enterprise,
    EnterpriseImport,
    ImportChunk,
    ImportRejection,
    Unit,
    searchable,
)
from services.registry.registrars import REGISTRARS
from shared.access.actor import NATION, Actor
from shared.streams.log import Tx
from shared.web.paging import Window, page

Rows = tuple[Sequence[Any], str | None]


async def unit(tx: Tx, unit_id: UUID) -> Unit:
    """The unit with this id. Raises UnitNotFound."""
    found = await tx.get(Unit, unit_id)
    if found is None:
        raise UnitNotFound("There is no unit with this id.")
    return found


async def units(tx: Tx, window: Window, region: str | None) -> Rows:
    """The units in a region, in the order of their codes."""
    statement = sa.select(Unit)
    if region:
        statement = statement.where(_within(Unit.region_code, region))
    rows, following = await page(tx, statement, [col(Unit.region_code)], window)
    return [row[0] for row in rows], following


async def units_by_region(tx: Tx) -> dict[str, Unit]:
    """Every unit by the code of its region; as long as they are held, `tx.get` finds them here."""
    return {unit.region_code: unit for unit in await tx.scalars(sa.select(Unit))}


async def enterprise(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """The enterprise with this id. Raises EnterpriseNotFound."""
    found = await tx.get(Enterprise, enterprise_id)
    if found is None:
        raise EnterpriseNotFound("There is no enterprise with this id.")
    return found


async def enterprises(
    tx: Tx, window: Window, name: str | None, region: str | None, unit_id: UUID | None
) -> Rows:
    """The enterprises whose name contains `name`, in a region or at a unit, by name."""
    statement = sa.select(Enterprise)
    if name:
        search_name = col(Enterprise.search_name)
        statement = statement.where(search_name.contains(searchable(name), autoescape=True))
    if region:
        statement = statement.where(_within(Enterprise.village_code, region))
    if unit_id:
        statement = statement.where(col(Enterprise.unit_id) == unit_id)
    keys = [col(Enterprise.search_name), col(Enterprise.id)]
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following


async def import_ids(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Of these enterprises, those that exist, each with the import it came from, if it did."""
    columns = col(Enterprise.id), col(Enterprise.import_id)
    rows = await tx.execute(sa.select(*columns).where(col(Enterprise.id).in_(ids)))
    return {row.id: row.import_id for row in rows}


async def import_job(tx: Tx, import_id: UUID) -> EnterpriseImport:
    """The import with this id, for who keeps a register in its scope and for who handed it in.

    Raises ImportNotFound, for everyone else as for one that there is not.
    """
    found = await tx.get(EnterpriseImport, import_id)
    if found is None or not _may_see(tx.actor, found):
        raise ImportNotFound("There is no import with this id.")
    return found


def _may_see(actor: Actor | None, job: EnterpriseImport) -> bool:
    if actor is None:
        return False
    scopes = {str(scope) for scope in actor.scopes(*REGISTRARS)}
    return job.submitted_by == actor.subject or bool(scopes & {str(NATION), job.scope})


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
    rows, following = await page(tx, statement, [col(ImportRejection.line)], window)
    return [row[0] for row in rows], following


def _within(column: str, region: str) -> sa.ColumnElement[bool]:
    """The code itself, or one below it in the hierarchy."""
    return sa.or_(col(column) == region, col(column).startswith(region + ".", autoescape=True))
