"""Owners are within reach of every unit that serves an enterprise of theirs, and may move home."""

from alembic import op

from shared.migrations.row_security import migrating_roles, reach_over

revision = "20261128_served_owners"
down_revision = "20261126_register"
branch_labels = None
depends_on = None

# `reach_over` asks for a unit and its region; here they are those that serve, not the home.
_SERVED = """
CREATE POLICY app_serves_what_they_own ON vault.{table} FOR ALL TO {app}
USING ({reach}) WITH CHECK ({reach})
"""
_REACH = """EXISTS (
    SELECT FROM (
        SELECT unit.id AS unit_id, unit.region_code
        FROM public.enterprise JOIN public.unit ON unit.id = enterprise.unit_id
        WHERE enterprise.owner_ids && ARRAY[subject_id] AND enterprise.status <> 'merged'
    ) AS serving
    WHERE {reach}
)"""
_MOVES = """
ALTER TABLE vault.{table}
    DROP CONSTRAINT {table}_subject_id_unit_id_region_code_fkey,
    ADD CONSTRAINT {table}_subject_id_unit_id_region_code_fkey
        FOREIGN KEY (subject_id, unit_id, region_code)
        REFERENCES vault.subject (subject_id, unit_id, region_code) ON UPDATE CASCADE
"""


def upgrade() -> None:
    """Let the app see them there, and what lies with a person go where the person goes."""
    app, reach = migrating_roles().app, _REACH.format(reach=reach_over())
    for table in ("subject", "field", "blind_index", "erasure"):
        op.execute(_SERVED.format(table=table, app=app, reach=reach))
    # What is there is checked by a query of the owner's, who sees no row otherwise.
    for table in ("subject", "field", "blind_index"):
        op.execute(f"ALTER TABLE vault.{table} NO FORCE ROW LEVEL SECURITY")
    for table in ("field", "blind_index"):
        op.execute(_MOVES.format(table=table))
    for table in ("subject", "field", "blind_index"):
        op.execute(f"ALTER TABLE vault.{table} FORCE ROW LEVEL SECURITY")
