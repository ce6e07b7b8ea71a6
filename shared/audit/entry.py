"""The audit entries: one for each thing that was done, denied or revealed, and never a change.

An entry holds ids, codes and names of fields, never a person's values. It is written in the
transaction of what it tells about, so there is none without the other.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from opentelemetry import trace
from sqlalchemy.dialects.postgresql import ARRAY

from shared.access.actor import Actor
from shared.streams.log import Tx, Xid8
from shared.tables import metadata

Decision = Literal["done", "denied", "revealed"]

_DECISIONS = ", ".join(f"'{decision}'" for decision in get_args(Decision))

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    # CACHE 1, the default of an identity, is load-bearing, as in the log.
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("xid", Xid8, nullable=False, server_default=sa.func.pg_current_xact_id()),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("targets", ARRAY(sa.Uuid), nullable=False),
    sa.Column("unit", sa.Uuid),
    sa.Column("subject_id", sa.Uuid),
    sa.Column("fields", ARRAY(sa.Text)),
    sa.Column("purpose", sa.Text),
    sa.Column("causation", sa.Uuid),
    sa.Column("trace_id", sa.Text),
    sa.Column("address", sa.Text),
    sa.CheckConstraint(f"decision IN ({_DECISIONS})", name="audit_entry_decision"),
    sa.Index("audit_entry_xid", "xid"),
    sa.Index("audit_entry_by_time", "at", "id"),
    sa.Index("audit_entry_by_actor", "actor", "at", "id"),
    sa.Index(
        "audit_entry_by_subject",
        "subject_id",
        "at",
        "id",
        postgresql_where=sa.text("subject_id IS NOT NULL"),
    ),
)

_INSERT = sa.insert(audit_entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an actor did, or was denied.

    `operation` is the OpenAPI operation, `targets` the aggregates that it changed or would have;
    `subject_id` is the person whose `fields`, by their names, were revealed and for which
    `purpose`, by its code. `address` is the client's as the server saw it.
    """

    actor: Actor
    operation: str
    decision: Decision = "done"
    targets: tuple[UUID, ...] = ()
    unit: UUID | None = None
    subject_id: UUID | None = None
    fields: tuple[str, ...] | None = None
    purpose: str | None = None
    address: str | None = None


async def record(tx: Tx, entry: Entry) -> None:
    """Write the entry in the transaction of what it tells about, with its cause and its trace."""
    await tx.execute(_INSERT, _columns(entry) | {"causation": tx.cause and tx.cause.event_id})


def _columns(entry: Entry) -> dict[str, Any]:
    span = trace.get_current_span().get_span_context()
    return {
        "actor": entry.actor.subject,
        "roles": sorted({grant.role.value for grant in entry.actor.grants}),
        "operation": entry.operation,
        "decision": entry.decision,
        "targets": list(entry.targets),
        "unit": entry.unit,
        "subject_id": entry.subject_id,
        "fields": entry.fields and list(entry.fields),
        "purpose": entry.purpose,
        "trace_id": trace.format_trace_id(span.trace_id) if span.is_valid else None,
        "address": entry.address,
    }
