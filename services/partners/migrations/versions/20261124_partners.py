"""The copies of units and enterprises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261124_partners"
down_revision = None
branch_labels = ("partners",)
depends_on = None


def upgrade() -> None:
    """Create the copies."""
    op.create_table(
        "unit_copy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        *_position(),
    )
    op.create_table(
        "enterprise_copy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("trade_name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("village_code", sa.Text, nullable=False),
        sa.Column("kbli", sa.Text, nullable=False),
        sa.Column("size_class", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("owner_ids", ARRAY(sa.Uuid), nullable=False),
        *_position(),
    )


def _position() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
    )
