"""Partners, agreements with what was promised, opportunities, referrals; the copy of consents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from shared.migrations.row_security import ALL, CHANGE, READ, grant, guard, migrating_roles

revision = "20261126_partnerships"
down_revision = "20261125_partners_roles"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_IS_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Create the tables; a referral is seen by its unit and its partner alone."""
    _partners()
    _agreements()
    _opportunities()
    _referrals()
    _copies()
    for table in ("partner", "agreement", "obligation", "opportunity", "referral"):
        grant(table, app=CHANGE, worker=CHANGE)
    guard("referral", partner="partner_id")
    grant("consent_copy", app=READ, worker=ALL)
    # Who sends a referral holds what it rests on, and PostgreSQL lets only those lock a row who
    # may write a column of it. No decision is taken by this one.
    for copy in ("enterprise_copy", "consent_copy"):
        op.execute(f"GRANT UPDATE (event_id) ON {copy} TO {migrating_roles().app}")


def _partners() -> None:
    op.create_table(
        "partner",
        _version(),
        _id(),
        _text("kind"),
        _text("name"),
        sa.Column("nib", sa.Text, unique=True),
        sa.Column("unit_id", sa.Uuid),
        sa.Column("region_code", sa.Text),
        _text("status"),
        _text("changed_by"),
        sa.Column("verified_by", sa.Text),
        sa.Column("suspended_because", sa.Text),
    )
    op.create_index("partner_by_name", "partner", ["name", "id"])


def _agreements() -> None:
    op.create_table(
        "agreement",
        _version(),
        _id(),
        _reference("partner", index=True),
        _text("title"),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("unit_ids", ARRAY(sa.Uuid), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        _text("status"),
        sa.Column("suspended_because", sa.Text),
        sa.Column("obligations", sa.Integer, nullable=False),
        sa.Column("obligations_fulfilled", sa.Integer, nullable=False),
        sa.Column("due_at", _INSTANT),
    )
    op.create_index("agreement_due", "agreement", ["due_at"], postgresql_where=_IS_DUE)
    op.create_table(
        "obligation",
        _id(),
        _reference("agreement", index=True),
        _text("promise"),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("fulfilled_on", sa.Date),
    )


def _opportunities() -> None:
    op.create_table(
        "opportunity",
        _version(),
        _id(),
        _reference("partner", index=True),
        _reference("agreement", index=True),
        _text("kind"),
        _text("title"),
        sa.Column("unit_ids", ARRAY(sa.Uuid), nullable=False),
        sa.Column("size_classes", ARRAY(sa.Text), nullable=False),
        sa.Column("kbli_prefixes", ARRAY(sa.Text), nullable=False),
        sa.Column("regions", ARRAY(sa.Text), nullable=False),
        sa.Column("quota", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("referred", ARRAY(sa.Uuid), nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        _text("status"),
        sa.Column("reason", sa.Text),
        sa.Column("due_at", _INSTANT),
        sa.CheckConstraint("taken BETWEEN 0 AND quota", name="opportunity_quota"),
    )
    op.create_index("opportunity_due", "opportunity", ["due_at"], postgresql_where=_IS_DUE)


def _referrals() -> None:
    op.create_table(
        "referral",
        _version(),
        _id(),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        _text("region_code"),
        sa.Column("enterprise_id", sa.Uuid, nullable=False, index=True),
        _reference("partner"),
        _reference("agreement", index=True),
        _reference("opportunity", index=True),
        sa.Column("consent_id", sa.Uuid, nullable=False, index=True),
        sa.Column("consent_until", _INSTANT, nullable=False),
        sa.Column("shared_fields", ARRAY(sa.Text), nullable=False),
        sa.Column("case_id", sa.Uuid),
        sa.Column("summary", sa.Text),
        sa.Column("note", sa.Text),
        _text("status"),
        sa.Column("reason", sa.Text),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.Column("answer_due_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.Column("result_kind", sa.Text),
        sa.Column("result_amount", sa.BigInteger),
        sa.Column("result_pattern", sa.Text),
        sa.Column("completed_on", sa.Date),
    )
    op.create_index(
        "referral_open",
        "referral",
        ["opportunity_id", "enterprise_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('sent', 'accepted')"),
    )
    op.create_index("referral_due", "referral", ["due_at"], postgresql_where=_IS_DUE)
    op.create_index("referral_by_unit", "referral", ["unit_id", "id"])
    op.create_index("referral_by_partner", "referral", ["partner_id", "id"])


def _copies() -> None:
    op.create_table(
        "consent_copy",
        _id(),
        sa.Column("enterprise_id", sa.Uuid, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("recipient_id", sa.Uuid, nullable=False),
        _text("purpose"),
        sa.Column("fields", ARRAY(sa.Text), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        _text("status"),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
    )
    op.create_index("consent_copy_by_recipient", "consent_copy", ["recipient_id", "enterprise_id"])
    op.create_index("enterprise_copy_by_unit", "enterprise_copy", ["unit_id", "id"])
    op.create_index("enterprise_copy_by_successor", "enterprise_copy", ["merged_into"])


def _version() -> sa.Column[int]:
    return sa.Column("event_seq", sa.BigInteger, nullable=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _reference(table: str, *, index: bool = False) -> sa.Column[object]:
    key = sa.ForeignKey(f"{table}.id")
    return sa.Column(f"{table}_id", sa.Uuid, key, nullable=False, index=index)
