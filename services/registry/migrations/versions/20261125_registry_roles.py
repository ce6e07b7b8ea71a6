"""The app registers and changes; the worker takes over what was handed in."""

from shared.migrations.row_security import APPEND, CHANGE, READ, grant

revision = "20261125_registry_roles"
down_revision = "20261125_owners"
branch_labels = None
depends_on = "20261125_roles"


def upgrade() -> None:
    """Grant it; nobody deletes an aggregate."""
    grant("unit", app=CHANGE, worker=CHANGE)
    grant("enterprise", app=CHANGE, worker=CHANGE)
    grant("enterprise_import", app=APPEND, worker=("SELECT", "UPDATE"))
    grant("import_chunk", app=APPEND, worker=("SELECT", "DELETE"))
    grant("import_rejection", app=READ, worker=APPEND)
