"""Owners see what is theirs now, and whoever has a case now sees all its sessions."""

from alembic import op

from shared.migrations.row_security import migrating_roles

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
_AS_ITS_CASE = """
CREATE POLICY consultant_reads_as_its_case ON session FOR SELECT TO {app}
USING (case_id IN (
    SELECT id FROM mentoring_case
    WHERE subject_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)
))
"""


def upgrade() -> None:
    """Change whom the app lets see what."""
    op.execute(_OWN_ENTERPRISES)
    op.execute(_AS_ITS_CASE.format(app=migrating_roles().app))
