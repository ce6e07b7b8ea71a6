"""A sealed block says up to which entry the audit trail is from before a restore."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_restore"
down_revision = "20261127_feed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number; a trail that was never restored has none, and no old hash changes."""
    op.add_column("audit_block", sa.Column("floor", sa.BigInteger))
