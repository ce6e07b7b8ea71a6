"""How a file of enterprises is taken into the registry, batch by batch."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry import queries
from services.registry.ids import new_id
from services.registry.models import EnterpriseImport, ImportChunk, ImportRejection
from services.registry.rows import Defect, Layout, Row, read_row
from services.registry.schemas import RegisterEnterprise
from services.registry.use_cases.enterprises import Origin, register_enterprise
from shared.access.actor import Actor, Scope, ScopeKind
from shared.refusals import Forbidden
from shared.streams.log import Tx

CHUNK = 256 * 1024
_SCOPES = (ScopeKind.NATION, ScopeKind.REGION, ScopeKind.UNIT)
BATCH = 500
"""Rows that become true together."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed in: its digest, its size, and its bytes in chunks."""

    digest: bytes
    size: int
    header: bytes
    chunks: Iterator[bytes]


async def hand_in_file(tx: Tx, file: File) -> tuple[EnterpriseImport, bool]:
    """Keep a file to be imported; return its import, and whether it is a new one.

    Only rows of units within the reach of who hands it in are taken over.
    Raises FileUnreadable, Forbidden.
    """
    layout = Layout.of(file.header)
    scope = str(_own_scope(tx.actor))
    known = await queries.import_of_file(tx, file.digest, scope)
    if known:
        return known, False
    job = EnterpriseImport(
        id=new_id(),
        digest=file.digest,
        scope=scope,
        submitted_by=tx.actor.subject if tx.actor else "",
        delimiter=layout.delimiter,
        columns=",".join(layout.columns),
        bytes_total=file.size,
        bytes_done=len(file.header),
        line=1,
    )
    tx.add(job)
    await tx.flush()
    for number, content in enumerate(file.chunks):
        chunk = {"import_id": job.id, "number": number, "content": content}
        await tx.execute(sa.insert(ImportChunk), [chunk])
    await tx.refresh(job)
    return job, True


def _own_scope(actor: Actor | None) -> Scope:
    """How far an actor keeps the register. Raises Forbidden unless it is one area or unit."""
    granted = actor.scopes if actor else frozenset()
    scopes = [scope for scope in granted if scope.kind in _SCOPES]
    if len(scopes) != 1:
        raise Forbidden("An import is for one unit or one region of yours, or by the ministry.")
    return scopes[0]


async def import_batch(tx: Tx, job: EnterpriseImport) -> None:
    """Take over the next rows of an import that `tx` holds."""
    job.status = "running"
    lines = await _next_lines(tx, job)
    if lines:
        await _take_over(tx, job, lines)
        job.bytes_done += sum(len(raw) for raw in lines)
        job.line += len(lines)
    if job.bytes_done >= job.bytes_total:
        job.status = "done"
        chunks = sa.delete(ImportChunk).where(col(ImportChunk.import_id) == job.id)
        await tx.execute(chunks)


async def _next_lines(tx: Tx, job: EnterpriseImport) -> list[bytes]:
    first, offset = divmod(job.bytes_done, CHUNK)
    content = (await queries.import_bytes(tx, job.id, first, 2))[offset:]
    lines = _split(content)
    whole = job.bytes_done + len(content) >= job.bytes_total
    if lines and not whole and not lines[-1].endswith(b"\n"):
        lines.pop()
    return lines[:BATCH]


def _split(content: bytes) -> list[bytes]:
    """Split at line feeds alone; `bytes.splitlines` would also split at a lone return."""
    return list(io.BytesIO(content))


async def _take_over(tx: Tx, job: EnterpriseImport, lines: list[bytes]) -> None:
    layout = Layout(job.delimiter, tuple(job.columns.split(",")))
    units = await queries.units_by_region(tx)
    ids = {code: unit.id for code, unit in units.items()}
    read = [read_row(layout, job.line + n, raw, ids) for n, raw in enumerate(lines, 1)]
    scope = Scope.parse(job.scope)
    within = {unit.id for unit in units.values() if scope.covers_unit(unit.id, unit.region_code)}
    rows = [row for row in read if isinstance(row, Row) and row.unit_id in within]
    defects = [row for row in read if isinstance(row, Defect)]
    defects += [
        Defect(row.line, "unit", "unit_not_yours")
        for row in read
        if isinstance(row, Row) and row.unit_id not in within
    ]
    defects += await _register(tx, job, rows)
    if defects:
        rejections = [
            {"import_id": job.id, "line": d.line, "field": d.field, "code": d.code} for d in defects
        ]
        await tx.execute(sa.insert(ImportRejection), rejections)
    job.rejected += len(defects)


async def _register(tx: Tx, job: EnterpriseImport, rows: list[Row]) -> list[Defect]:
    """Register the rows that are new; return those that stood in this file before."""
    imported_by = await queries.import_ids(tx, [row.enterprise_id for row in rows])
    defects = []
    for row in rows:
        if row.enterprise_id not in imported_by:
            await register_row(tx, row, job.id)
            imported_by[row.enterprise_id] = job.id
            job.accepted += 1
        elif imported_by[row.enterprise_id] == job.id:
            defects.append(Defect(row.line, "", "duplicate_row"))
        else:
            job.known += 1
    return defects


async def register_row(tx: Tx, row: Row, import_id: UUID | None = None) -> None:
    """Register the enterprise that a checked row describes."""
    command = RegisterEnterprise.model_construct(
        kind=row.kind,
        trade_name=row.trade_name,
        unit_id=row.unit_id,
        village_code=row.village_code,
        kbli=row.kbli,
        size_class=row.size_class,
    )
    line = row.line if import_id else None
    await register_enterprise(
        tx, command, Origin(row.enterprise_id, import_id, line, row.reference)
    )
