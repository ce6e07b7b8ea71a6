"""A worker that is behind says how far it has caught up, where the api can read it."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.row_security import ALL, READ, grant

revision = "20261129_catching_up"
down_revision = "20261128_restore"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    now = sa.func.now()
    op.create_table(
        "catching_up",
        sa.Column("member", sa.Uuid, primary_key=True),
        sa.Column("behind", sa.BigInteger, nullable=False),
        sa.Column("at_most", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=now),
    )
    grant("catching_up", app=READ, worker=ALL)
