"""A visit that is corrected makes another request, and has one at most that is undecided."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_requests_of_visits"
down_revision = "20261127_mentoring_reach"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let what came to nothing, or became a case, stand beside it."""
    op.create_index(
        "request_undecided_of_visit",
        "request",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'assigned')"),
    )
    op.create_index("ix_request_visit_id", "request", ["visit_id"])
    op.drop_constraint("request_visit_id_key", "request")
