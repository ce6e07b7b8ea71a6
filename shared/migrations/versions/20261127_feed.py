"""A topic of the log is read on its own, however little is said on it."""

from alembic import op

revision = "20261127_feed"
down_revision = "20261126_release"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index by which the feed reads on in a topic."""
    op.create_index("event_log_by_topic", "event_log", ["topic", "id"])
