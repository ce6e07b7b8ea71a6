"""Who owns an enterprise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261125_owners"
down_revision = "20261124_registry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every enterprise its owners' ids."""
    op.add_column(
        "enterprise",
        sa.Column("owner_ids", ARRAY(sa.Uuid), nullable=False, server_default="{}"),
    )
    op.alter_column("enterprise", "owner_ids", server_default=None)
    op.create_index("enterprise_by_owner", "enterprise", ["owner_ids"], postgresql_using="gin")
