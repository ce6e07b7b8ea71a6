"""The events that could not be taken: the worker parks them, an operator looks after them."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.row_security import ALL, grant

revision = "20261126_parking"
down_revision = "20261125_idempotency"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; an operator changes what is parked and removes none of it."""
    op.create_table(
        "parked_event",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("epoch", sa.Integer),
        sa.Column("seq", sa.BigInteger),
        sa.Column("event_id", sa.Uuid),
        sa.Column("type", sa.Text),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("record_key", sa.LargeBinary),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary),
        sa.Column("edited", sa.LargeBinary),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column(
            "first_failed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
        ),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('retry', 'fork', 'dead', 'skipped')", name="parked_event_state"
        ),
        sa.CheckConstraint(
            "state IN ('dead', 'skipped') OR (key, epoch, seq, event_id) IS NOT NULL",
            name="parked_event_has_its_place",
        ),
    )
    op.create_index(
        "parked_event_queue",
        "parked_event",
        ["topic", "key", "epoch", "seq"],
        postgresql_where=sa.text("state IN ('retry', 'fork')"),
    )
    op.create_index("parked_event_by_time", "parked_event", ["first_failed_at", "id"])
    grant("parked_event", app=("SELECT", "UPDATE"), worker=ALL)
