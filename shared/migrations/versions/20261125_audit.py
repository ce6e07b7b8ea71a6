"""The audit trail: its entries, and the blocks that seal them; both are only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from shared.migrations.row_security import APPEND, READ, grant, migrating_roles
from shared.streams.log import PgSnapshot, Xid8

revision = "20261125_audit"
down_revision = "20261125_roles"
branch_labels = None
depends_on = None

_REFUSE = """
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is only added to; % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""


def upgrade() -> None:
    """Create both tables, let nobody change them, and let a writer choose no id and no time."""
    _entries()
    _blocks()
    op.execute(_REFUSE)
    for table in ("audit_entry", "audit_block"):
        op.execute(
            f"CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_change_of_audit()"
        )
    grant("audit_entry", app=READ, worker=READ)
    grant("audit_block", app=READ, worker=APPEND)
    roles = migrating_roles()
    op.execute(
        "GRANT INSERT (actor, roles, operation, decision, targets, unit, subject_id, fields, "
        f"purpose, causation, trace_id, address) ON audit_entry TO {roles.app}, {roles.worker}"
    )


def _entries() -> None:
    now = sa.func.now()
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("xid", Xid8, nullable=False, server_default=sa.func.pg_current_xact_id()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=now),
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
        sa.CheckConstraint(
            "decision IN ('done', 'denied', 'revealed')", name="audit_entry_decision"
        ),
    )
    op.create_index("audit_entry_xid", "audit_entry", ["xid"])
    op.create_index("audit_entry_by_time", "audit_entry", ["at", "id"])
    op.create_index("audit_entry_by_actor", "audit_entry", ["actor", "at", "id"])
    op.create_index(
        "audit_entry_by_subject",
        "audit_entry",
        ["subject_id", "at", "id"],
        postgresql_where=sa.text("subject_id IS NOT NULL"),
    )


def _blocks() -> None:
    op.create_table(
        "audit_block",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, unique=True),
        sa.Column("entries", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("digests", ARRAY(sa.LargeBinary), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("done", PgSnapshot, nullable=False),
        sa.Column("target", PgSnapshot),
        sa.Column("last_id", sa.BigInteger, nullable=False),
        sa.Column("system_identifier", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
    )
