"""Three roles: the owner's tables are the app's and the worker's to use, each as far as needed."""

from alembic import op

from shared.migrations.row_security import ALL, APPEND, CHANGE, READ, grant, migrating_roles

revision = "20261125_roles"
down_revision = "20261124_streams"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Open to both what is there and what will be, then take back what is not theirs to do."""
    roles = migrating_roles()
    both = f"{roles.app}, {roles.worker}"
    usual = ", ".join(ALL)
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {both}")
    op.execute(f"GRANT {usual} ON ALL TABLES IN SCHEMA public TO {both}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {both}")
    op.execute(f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {both}")
    op.execute(f"ALTER DEFAULT PRIVILEGES GRANT {usual} ON TABLES TO {both}")
    grant("event_log", app=APPEND, worker=APPEND)
    grant("log_epoch", app=READ, worker=READ)
    grant("relay_cursor", worker=CHANGE)
    grant("idempotency_key", app=APPEND)
