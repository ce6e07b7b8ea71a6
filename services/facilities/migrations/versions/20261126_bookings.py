"""Facilities, closures, bookings and tenancies, and who has which place when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint

from shared.migrations.row_security import ALL, CHANGE, READ, grant

revision = "20261126_bookings"
down_revision = "20261125_facilities_roles"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create them; the constraint on places is there before the first booking."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _copies()
    _facilities()
    _bookings()
    _tenancies()
    grant("session_copy", app=READ, worker=ALL)
    grant("closure", app=ALL, worker=READ)
    grant("occupied_place", app=ALL, worker=ALL)
    for table in ("facility", "booking", "tenancy"):
        grant(table, app=CHANGE, worker=CHANGE)


def _copies() -> None:
    op.create_table(
        "session_copy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
    )
    op.create_index(
        "enterprise_copy_by_owner", "enterprise_copy", ["owner_ids"], postgresql_using="gin"
    )
    op.create_index(
        "enterprise_copy_by_successor",
        "enterprise_copy",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )


def _facilities() -> None:
    op.create_table(
        "facility",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("hours", JSONB, nullable=False),
        sa.Column("buffer_before", sa.Integer, nullable=False),
        sa.Column("buffer_after", sa.Integer, nullable=False),
        sa.Column("approval", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.UniqueConstraint("unit_id", "code"),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="closure_interval"),
    )
    op.create_index("closure_by_facility", "closure", ["facility_id", "ends_at"])
    op.create_table(
        "occupied_place",
        sa.Column("holder_id", sa.Uuid, primary_key=True),
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("during", TSTZRANGE, nullable=False),
        ExcludeConstraint(
            ("facility_id", "="), ("place", "="), ("during", "&&"), name="no_place_twice"
        ),
        sa.CheckConstraint("NOT isempty(during)", name="occupied_for_a_time"),
    )


def _bookings() -> None:
    op.create_table(
        "booking",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
        sa.Column("enterprise_id", sa.Uuid),
        sa.Column("purpose", sa.Text),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("session_id", sa.Uuid),
        sa.Column("session_revision", sa.Integer),
        sa.Column("alternatives", JSONB, nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.UniqueConstraint("session_id", "session_revision"),
    )
    op.create_index("booking_by_unit", "booking", ["unit_id", "starts_at", "id"])
    op.create_index("booking_by_enterprise", "booking", ["enterprise_id", "starts_at", "id"])
    op.create_index(
        "booking_by_facility",
        "booking",
        ["lines"],
        postgresql_using="gin",
        postgresql_ops={"lines": "jsonb_path_ops"},
    )
    op.create_index(
        "booking_due", "booking", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def _tenancies() -> None:
    op.create_table(
        "tenancy",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("region_code", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("enterprise_id", sa.Uuid, nullable=False),
        sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("due_at", _INSTANT),
    )
    op.create_index("ix_tenancy_facility_id", "tenancy", ["facility_id"])
    op.create_index("tenancy_by_unit", "tenancy", ["unit_id", "id"])
    op.create_index("tenancy_by_enterprise", "tenancy", ["enterprise_id", "id"])
    op.create_index(
        "tenancy_due", "tenancy", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )
