"""The log, its epoch and its readers' cursors; the idempotency keys."""

import sqlalchemy as sa
from alembic import op

from shared.streams.log import JsonText, PgSnapshot, Xid8

revision = "20261124_streams"
down_revision = None
branch_labels = ("streams",)
depends_on = None


def upgrade() -> None:
    """Create the shared tables; a new log is in its first epoch."""
    op.create_table(
        "event_log",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("xid", Xid8, nullable=False, server_default=sa.func.pg_current_xact_id()),
        sa.Column("event_id", sa.Uuid, nullable=False, server_default=sa.func.uuidv7()),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("traceparent", sa.Text),
        sa.Column("tracestate", sa.Text),
        sa.Column("causation", sa.Uuid),
        sa.Column("correlation", sa.Uuid),
        sa.Column("unit", sa.Uuid),
        sa.Column("data", JsonText),
        sa.UniqueConstraint("event_id"),
        sa.UniqueConstraint("topic", "key", "epoch", "seq"),
    )
    op.create_index("event_log_xid", "event_log", ["xid"])
    op.create_table(
        "log_epoch",
        sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO log_epoch (single, epoch) VALUES (true, 1)")
    op.create_table(
        "relay_cursor",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("done", PgSnapshot, nullable=False),
        sa.Column("target", PgSnapshot),
        sa.Column("last_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("system_identifier", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("operation", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("location", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column(
            "kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )
