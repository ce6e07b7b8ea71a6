"""Who books or leases for an enterprise holds it, so that it does not close in the meantime."""

from alembic import op

from shared.migrations.row_security import migrating_roles

revision = "20261127_held_enterprises"
down_revision = "20261126_bookings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the app lock a row."""
    # PostgreSQL lets only those do so who may write a column of it. No decision is taken by this.
    op.execute(f"GRANT UPDATE (event_id) ON enterprise_copy TO {migrating_roles().app}")
