"""Who owned what was merged owns it no more when its successor is not theirs."""

from alembic import op

revision = "20261127_mentoring_reach"
down_revision = "20261126_cases"
branch_labels = None
depends_on = None

# What was merged keeps the owners of that day; who owns it now is said by its successor alone.
_OWN_ENTERPRISES = """
CREATE OR REPLACE FUNCTION own_enterprises() RETURNS uuid[] STABLE LANGUAGE sql AS $$
    WITH RECURSIVE one (id) AS (
        SELECT id FROM enterprise_copy
        WHERE owner_ids @> ARRAY[nullif(current_setting('app.person', true), '')::uuid]
        AND merged_into IS NULL
        UNION
        SELECT from_.id FROM enterprise_copy AS from_ JOIN one ON from_.merged_into = one.id
    )
    SELECT array_agg(id) FROM one
$$
"""


def upgrade() -> None:
    """Let owners see what is theirs now."""
    op.execute(_OWN_ENTERPRISES)
