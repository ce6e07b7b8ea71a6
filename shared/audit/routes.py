"""Serves a service's audit trail to those who look after it; an entry names nobody's values."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from shared.audit.entry import Decision, audit_entry
from shared.instants import Instant
from shared.web.operations import Operation
from shared.web.paging import Page, Paged, page
from shared.web.transactions import Read

_ENTRIES = audit_entry.c


class EntryView(BaseModel):
    """An audit entry as an auditor reads it."""

    id: int
    at: datetime
    actor: str
    roles: list[str]
    operation: str
    decision: Decision
    targets: list[UUID]
    unit: UUID | None
    subject_id: UUID | None
    fields: list[str] | None
    purpose: str | None
    causation: UUID | None
    trace_id: str | None
    address: str | None


_Name = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,300}$")]


def _wanted(
    actor: _Name = None,
    operation: _Name = None,
    decision: Decision | None = None,
    subject: UUID | None = None,
) -> list[sa.ColumnElement[bool]]:
    asked = {"actor": actor, "operation": operation, "decision": decision, "subject_id": subject}
    return [_ENTRIES[name] == value for name, value in asked.items() if value is not None]


def _during(
    begin: Annotated[Instant | None, Query(alias="from")] = None,
    until: Instant | None = None,
) -> list[sa.ColumnElement[bool]]:
    begun = [] if begin is None else [_ENTRIES.at >= begin]
    return begun if until is None else [*begun, _ENTRIES.at < until]


_Conditions = list[Any]


router = APIRouter(prefix="/audit", tags=["audit"], route_class=Operation)


@router.get("/entries", operation_id="list_audit_entries")
async def list_audit_entries(
    tx: Read,
    window: Paged,
    wanted: Annotated[_Conditions, Depends(_wanted)],
    during: Annotated[_Conditions, Depends(_during)],
) -> Page[EntryView]:
    """Find audit entries, in the order of their time: `from` an instant, before `until`."""
    columns = [_ENTRIES[name] for name in EntryView.model_fields]
    statement = sa.select(*columns).where(*wanted, *during)
    rows, following = await page(tx, statement, [_ENTRIES.at, _ENTRIES.id], window)
    shown = [EntryView.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=shown, next=following)
