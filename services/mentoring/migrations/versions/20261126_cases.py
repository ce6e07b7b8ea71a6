"""Consultants, requests, cases with goals, sessions and outcomes, and how far others were heard."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.migrations.row_security import ALL, CHANGE, READ, grant, guard, migrating_roles

revision = "20261126_cases"
down_revision = "20261125_mentoring_roles"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_IS_DUE = sa.text("due_at IS NOT NULL")

# All enterprises of the person for whom the transaction asks, and what was merged with them.
_OWN_ENTERPRISES = """
CREATE FUNCTION own_enterprises() RETURNS uuid[] STABLE LANGUAGE sql AS $$
    WITH RECURSIVE upward (id, merged_into) AS (
        SELECT id, merged_into FROM enterprise_copy
        WHERE owner_ids @> ARRAY[nullif(current_setting('app.person', true), '')::uuid]
        UNION
        SELECT into_.id, into_.merged_into
        FROM enterprise_copy AS into_ JOIN upward ON into_.id = upward.merged_into
    ), one (id) AS (
        SELECT id FROM upward
        UNION
        SELECT from_.id FROM enterprise_copy AS from_ JOIN one ON from_.merged_into = one.id
    )
    SELECT array_agg(id) FROM one
$$
"""
_OWNER_READS = """
CREATE POLICY owner_reads ON {table} FOR SELECT TO {app}
USING (enterprise_id = ANY ((SELECT own_enterprises())::uuid[]))
"""
_AS_ITS_CASE = "EXISTS (SELECT FROM mentoring_case AS c WHERE c.id = goal.case_id)"
_GOAL_GUARDED = (
    "ALTER TABLE goal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE goal FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY app_as_its_case ON goal FOR ALL TO {{app}} USING ({_AS_ITS_CASE})",
    "CREATE POLICY worker_everywhere ON goal FOR ALL TO {worker} USING (true)",
)


def upgrade() -> None:
    """Create the tables; case, session and goals are seen by who works on them and the owners."""
    _copies()
    _consultants()
    _requests()
    _cases()
    _sessions()
    _outcomes()
    for table in ("consultant", "request", "mentoring_case", "session", "outcome"):
        grant(table, app=CHANGE, worker=CHANGE)
    grant("goal", app=ALL, worker=READ)
    _guard()


def _guard() -> None:
    roles = migrating_roles()
    op.execute(_OWN_ENTERPRISES)
    for table in ("mentoring_case", "session"):
        guard(table, subject="subject_id", enterprise="enterprise_id")
        op.execute(_OWNER_READS.format(table=table, app=roles.app))
    for statement in _GOAL_GUARDED:
        op.execute(statement.format(app=roles.app, worker=roles.worker))
    for copy in ("visit_copy", "booking_copy", "referral_copy"):
        grant(copy, app=READ, worker=ALL)
    # Who opens a request or plans a session holds the enterprise, so that it does not close in
    # the meantime; PostgreSQL lets only those lock a row who may write a column of it.
    op.execute(f"GRANT UPDATE (event_id) ON enterprise_copy TO {roles.app}")


def _copies() -> None:
    for copy in ("visit_copy", "booking_copy", "referral_copy"):
        op.create_table(
            copy,
            _id(),
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


def _consultants() -> None:
    op.create_table(
        "consultant",
        _version(),
        _id(),
        *_place(),
        _uuid("person_id"),
        sa.Column("fields", ARRAY(sa.Text), nullable=False),
        _number("weekly_hours"),
        _number("taken"),
        _text("status"),
        sa.CheckConstraint("taken BETWEEN 0 AND weekly_hours", name="consultant_capacity"),
    )
    op.create_index(
        "consultant_person",
        "consultant",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'left'"),
    )
    op.create_index("consultant_by_unit", "consultant", ["unit_id", "id"])


def _requests() -> None:
    op.create_table(
        "request",
        _version(),
        _id(),
        *_place(),
        _uuid("enterprise_id", index=True),
        _text("field"),
        _number("weekly_hours"),
        sa.Column("visit_id", sa.Uuid, unique=True),
        sa.Column("consultant_id", sa.Uuid, sa.ForeignKey("consultant.id"), index=True),
        sa.Column("subject_id", sa.Uuid, index=True),
        sa.Column("case_id", sa.Uuid),
        _text("status"),
        sa.Column("reason", sa.Text),
        sa.Column("due_at", _INSTANT),
    )
    op.create_index("request_by_unit", "request", ["unit_id", "id"])
    op.create_index("request_due", "request", ["due_at"], postgresql_where=_IS_DUE)


def _cases() -> None:
    op.create_table(
        "mentoring_case",
        _version(),
        _id(),
        *_place(),
        _uuid("enterprise_id", index=True),
        _reference("consultant", index=True),
        _uuid("subject_id", index=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("request.id"), nullable=False, unique=True),
        _text("field"),
        _number("weekly_hours"),
        _text("status"),
        _number("goals"),
        _number("goals_met"),
    )
    op.create_index("case_by_unit", "mentoring_case", ["unit_id", "id"])
    op.create_table(
        "goal",
        _id(),
        _of_case(),
        _text("indicator"),
        sa.Column("baseline", sa.BigInteger, nullable=False),
        sa.Column("target", sa.BigInteger, nullable=False),
        sa.Column("result", sa.Text),
    )


def _sessions() -> None:
    op.create_table(
        "session",
        _version(),
        _id(),
        *_place(),
        _of_case(),
        _uuid("enterprise_id", index=True),
        _reference("consultant"),
        _uuid("subject_id", index=True),
        _text("mode"),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        _text("status"),
        sa.Column("minutes", sa.Integer),
        sa.Column("notes", sa.Text),
        _number("revision"),
        _text("room"),
        sa.Column("facility_kind", sa.Text),
        sa.Column("booking_id", sa.Uuid),
        sa.Column("alternatives", JSONB, nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.CheckConstraint("starts_at < ends_at", name="session_interval"),
    )
    op.create_index("session_by_unit", "session", ["unit_id", "starts_at", "id"])
    op.create_index("session_by_consultant", "session", ["consultant_id", "starts_at", "id"])
    op.create_index("session_due", "session", ["due_at"], postgresql_where=_IS_DUE)


def _outcomes() -> None:
    op.create_table(
        "outcome",
        _version(),
        _id(),
        *_place(),
        _of_case(),
        _uuid("enterprise_id", index=True),
        _text("kind"),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("achieved_on", sa.Date, nullable=False),
        sa.Column("referral_id", sa.Uuid, unique=True),
        _text("status"),
        sa.Column("disputed_because", sa.Text),
    )
    op.create_index("outcome_by_unit", "outcome", ["unit_id", "id"])


def _version() -> sa.Column[int]:
    return sa.Column("event_seq", sa.BigInteger, nullable=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid, primary_key=True)


def _place() -> tuple[sa.Column[object], sa.Column[str]]:
    return _uuid("unit_id"), _text("region_code")


def _uuid(name: str, *, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid, nullable=False, index=index)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _reference(table: str, *, index: bool = False) -> sa.Column[object]:
    key = sa.ForeignKey(f"{table}.id")
    return sa.Column(f"{table}_id", sa.Uuid, key, nullable=False, index=index)


def _of_case() -> sa.Column[object]:
    return sa.Column(
        "case_id", sa.Uuid, sa.ForeignKey("mentoring_case.id"), nullable=False, index=True
    )
