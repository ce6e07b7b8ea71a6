"""The secret of the idempotency digests; and the worker forgets old keys."""

import secrets

import sqlalchemy as sa
from alembic import op

from shared.migrations.row_security import APPEND, READ, grant

revision = "20261125_idempotency"
down_revision = "20261125_audit"
branch_labels = None
depends_on = None

_BYTES = 32


def upgrade() -> None:
    """Make a secret that this database alone has; a row without it could be guessed and tried.

    What was kept until now was digested in another way, and a repeat would not be known again.
    """
    table = op.create_table(
        "idempotency_secret",
        sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
    )
    op.bulk_insert(table, [{"single": True, "secret": secrets.token_bytes(_BYTES)}])
    op.execute("DELETE FROM idempotency_key")
    op.create_index("idempotency_key_kept", "idempotency_key", ["kept_at"])
    grant("idempotency_secret", app=READ)
    grant("idempotency_key", app=APPEND, worker=("SELECT", "DELETE"))
