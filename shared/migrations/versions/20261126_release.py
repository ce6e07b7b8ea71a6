"""The log says by which released schema the data of each event was written."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_release"
down_revision = "20261126_parking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number; all that was said until now follows the first release."""
    column = sa.Column("release", sa.SmallInteger, nullable=False, server_default="1")
    op.add_column("event_log", column)
