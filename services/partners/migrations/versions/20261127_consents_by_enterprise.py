"""The consents of an enterprise are looked for whenever it is heard of."""

from alembic import op

revision = "20261127_consents_by_enterprise"
down_revision = "20261126_partnerships"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("consent_copy_by_enterprise", "consent_copy", ["enterprise_id"])
