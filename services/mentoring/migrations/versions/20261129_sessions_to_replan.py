"""A session that is to be planned anew, and never is, counts as missed like any other."""

from alembic import op

revision = "20261129_sessions_to_replan"
down_revision = "20261128_requests_of_visits"
branch_labels = None
depends_on = None

_DUE = """
UPDATE session SET due_at = ends_at + interval '48 hours'
WHERE status = 'to_replan' AND due_at IS NULL
"""


def upgrade() -> None:
    """Let time act on those that wait already; the owner sees no row while FORCE is on."""
    op.execute("ALTER TABLE session NO FORCE ROW LEVEL SECURITY")
    op.execute(_DUE)
    op.execute("ALTER TABLE session FORCE ROW LEVEL SECURITY")
