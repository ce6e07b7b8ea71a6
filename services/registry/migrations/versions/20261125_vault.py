"""The vault of owners, and the names that are taken out of the log when an owner is erased."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.row_security import ALL, APPEND, grant, migrating_roles
from shared.vault.migration import create_vault

revision = "20261125_vault"
down_revision = "20261125_registry_roles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both; the worker alone changes what an event says, and nothing else of it."""
    create_vault()
    op.create_table(
        "erased_name",
        sa.Column("enterprise_id", sa.Uuid, sa.ForeignKey("enterprise.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    # PostgreSQL locks a row for nobody who may not update it.
    grant("erased_name", app=APPEND, worker=ALL)
    op.execute(f"GRANT UPDATE (data) ON event_log TO {migrating_roles().worker}")
