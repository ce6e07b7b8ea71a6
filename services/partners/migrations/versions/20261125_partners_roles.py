"""The copies are the worker's to keep and the app's to read."""

from shared.migrations.row_security import ALL, READ, grant

revision = "20261125_partners_roles"
down_revision = "20261124_partners"
branch_labels = None
depends_on = "20261125_roles"


def upgrade() -> None:
    """Grant it."""
    for copy in ("unit_copy", "enterprise_copy"):
        grant(copy, app=READ, worker=ALL)
