"""The life of an enterprise, what is noted of it, consents, visits, and the copy of tenancies."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from shared.migrations.row_security import ALL, APPEND, CHANGE, READ, grant, guard

revision = "20261126_register"
down_revision = "20261125_vault"
branch_labels = None
depends_on = None

_SOLE = sa.text("kind IN ('nib', 'cooperative_number')")


def upgrade() -> None:
    """Create them; a visit is seen by its unit alone."""
    _verification()
    _identifiers()
    _snapshots()
    _mergers()
    _consents()
    _visits()
    _tenancies()
    grant("identifier", app=ALL, worker=ALL)
    grant("economic_snapshot", app=APPEND, worker=APPEND)
    grant("duplicate", app=CHANGE, worker=CHANGE)
    grant("merger", app=ALL, worker=ALL)
    grant("consent", app=CHANGE, worker=CHANGE)
    grant("visit", app=CHANGE, worker=CHANGE)
    guard("visit")
    grant("tenancy_copy", app=READ, worker=ALL)


def _verification() -> None:
    op.add_column(
        "enterprise", sa.Column("verification", sa.Text, nullable=False, server_default="draft")
    )
    op.alter_column("enterprise", "verification", server_default=None)
    op.add_column("enterprise", sa.Column("submitted_by", sa.Text))
    op.add_column("enterprise", sa.Column("returned_because", sa.Text))
    op.create_index(
        "enterprise_by_successor",
        "enterprise",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )


def _identifiers() -> None:
    op.create_table(
        "identifier",
        _id(),
        _of_enterprise(),
        _text("kind"),
        _text("value"),
        _text("check_level"),
        sa.Column("checked_on", sa.Date),
        sa.Column("issued_on", sa.Date),
        sa.Column("valid_until", sa.Date),
        _now("noted_at"),
        sa.UniqueConstraint("enterprise_id", "kind", "value"),
    )
    for name, first, second in (
        ("identifier_sole", "kind", "value"),
        ("identifier_one", "enterprise_id", "kind"),
    ):
        op.create_index(name, "identifier", [first, second], unique=True, postgresql_where=_SOLE)


def _snapshots() -> None:
    op.create_table(
        "economic_snapshot",
        _id(),
        _of_enterprise(),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("capital", sa.BigInteger, nullable=False),
        sa.Column("annual_sales", sa.BigInteger, nullable=False),
        sa.Column("workers_f", sa.Integer, nullable=False),
        sa.Column("workers_m", sa.Integer, nullable=False),
        _text("source"),
        sa.Column("new_business", sa.Boolean, nullable=False),
        _text("rule"),
        sa.Column("class_by_capital", sa.Text),
        sa.Column("class_by_sales", sa.Text),
        _text("decided_by"),
        _text("size_class"),
        _now("recorded_at"),
        sa.CheckConstraint("capital >= 0 AND annual_sales >= 0", name="rupiah_not_negative"),
        sa.CheckConstraint("workers_f >= 0 AND workers_m >= 0", name="workers_not_negative"),
    )
    op.create_index(
        "economic_snapshot_by_day", "economic_snapshot", ["enterprise_id", "as_of", "id"]
    )


def _mergers() -> None:
    # Enterprises are never deleted, and a key to them would lock rows that many registrations name.
    op.create_table(
        "duplicate",
        _id(),
        sa.Column("enterprise_id", sa.Uuid, nullable=False),
        sa.Column("other_id", sa.Uuid, nullable=False, index=True),
        sa.Column("reasons", ARRAY(sa.Text), nullable=False),
        _text("status"),
        _now("found_at"),
        sa.Column("dismissed_by", sa.Text),
        sa.UniqueConstraint("enterprise_id", "other_id"),
    )
    enterprise = sa.ForeignKey("enterprise.id")
    op.create_table(
        "merger",
        sa.Column("merged_id", sa.Uuid, enterprise, primary_key=True),
        sa.Column(
            "survivor_id", sa.Uuid, sa.ForeignKey("enterprise.id"), nullable=False, index=True
        ),
        sa.Column("added", ARRAY(sa.Uuid), nullable=False),
        _text("merged_by"),
        _now("merged_at"),
    )


def _consents() -> None:
    op.create_table(
        "consent",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        _id(),
        _of_enterprise(),
        sa.Column("unit_id", sa.Uuid, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("recipient_id", sa.Uuid, nullable=False),
        _text("purpose"),
        sa.Column("fields", ARRAY(sa.Text), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        _text("status"),
        _text("text_version"),
        _text("channel"),
        _text("recorded_by"),
        _now("granted_at"),
    )
    op.create_index("consent_by_enterprise", "consent", ["enterprise_id", "id"])


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        _id(),
        sa.Column("unit_id", sa.Uuid, sa.ForeignKey("unit.id"), nullable=False),
        _text("region_code"),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        _text("need"),
        sa.Column("field", sa.Text),
        sa.Column("enterprise_id", sa.Uuid, sa.ForeignKey("enterprise.id"), index=True),
    )
    op.create_index("visit_by_unit", "visit", ["unit_id", "arrived_at", "id"])


def _tenancies() -> None:
    op.create_table(
        "tenancy_copy",
        _id(),
        sa.Column("enterprise_id", sa.Uuid, nullable=False),
        sa.Column("facility_id", sa.Uuid, nullable=False),
        _text("kind"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        _text("status"),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
    )
    op.create_index("tenancy_copy_by_enterprise", "tenancy_copy", ["enterprise_id"])


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _of_enterprise() -> sa.Column[Any]:
    return sa.Column("enterprise_id", sa.Uuid, sa.ForeignKey("enterprise.id"), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
