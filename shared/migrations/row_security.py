"""What a migration says of a table's safety: who may do what, and which rows the app may see.

The app sees the rows within the scope that `shared.access.row_scope` sets for its transaction, and
none without one. Row security stands behind the condition of each query, never in place of it.
"""

from collections.abc import Iterator
from typing import Literal, cast

from alembic import op

from shared.migrations.roles import Roles

Privilege = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]

READ: tuple[Privilege, ...] = ("SELECT",)
APPEND: tuple[Privilege, ...] = ("SELECT", "INSERT")
CHANGE: tuple[Privilege, ...] = ("SELECT", "INSERT", "UPDATE")
ALL: tuple[Privilege, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")

# Each question to the settings stands in a sub-select, which is asked once and not for every row.
_NATION = "(SELECT 'nation' = ANY (string_to_array(current_setting('app.scopes', true), ',')))"
_REGION = """(region_code || '.') ^@ ANY (ARRAY(
    SELECT substr(scope, 8) || '.'
    FROM string_to_table(current_setting('app.scopes', true), ',') AS scope
    WHERE scope ^@ 'region:'
))"""
_ONE_OF = """{column} = ANY (ARRAY(
    SELECT split_part(scope, ':', 2)::uuid
    FROM string_to_table(current_setting('app.scopes', true), ',') AS scope
    WHERE scope ^@ '{kind}:'
))"""
_PERSON = "{column} = (SELECT nullif(current_setting('app.person', true), '')::uuid)"


def guard(
    table: str,
    *,
    subject: str | None = None,
    enterprise: str | None = None,
    partner: str | None = None,
) -> None:
    """Let the app see and write only the rows within its scope, and the worker all of them.

    The table has the columns `unit_id` and `region_code`, the unit's region. Others are named:
    `subject`, the person whose row it is, and the enterprise or partner that it is about; the row
    is in their reach too. The owner sees no row: a migration of what is in the table lifts FORCE
    for as long as it takes.
    """
    reach = reach_over(subject=subject, enterprise=enterprise, partner=partner)
    for statement in guarding(table, migrating_roles(), reach):
        op.execute(statement)


def grant(
    table: str, *, app: tuple[Privilege, ...] = (), worker: tuple[Privilege, ...] = ()
) -> None:
    """Let the app and the worker do this with a table, and nothing else."""
    for statement in granting(table, migrating_roles(), app=app, worker=worker):
        op.execute(statement)


def reach_over(
    *, subject: str | None = None, enterprise: str | None = None, partner: str | None = None
) -> str:
    """The condition under which a row is in reach, as `shared.access.scope.visible_to` has it."""
    ways = [_NATION, _ONE_OF.format(column="unit_id", kind="unit"), _REGION]
    for kind, column in (("enterprise", enterprise), ("partner", partner)):
        if column is not None:
            ways.append(_ONE_OF.format(column=column, kind=kind))
    if subject is not None:
        ways.append(_PERSON.format(column=subject))
    return "\nOR ".join(ways)


def guarding(table: str, roles: Roles, reach: str) -> Iterator[str]:
    """The statements that guard a table."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield (
        f"CREATE POLICY app_within_its_scope ON {table} FOR ALL TO {roles.app} "
        f"USING ({reach}) WITH CHECK ({reach})"
    )
    yield (
        f"CREATE POLICY worker_everywhere ON {table} FOR ALL TO {roles.worker} "
        "USING (true) WITH CHECK (true)"
    )


def granting(
    table: str, roles: Roles, *, app: tuple[Privilege, ...], worker: tuple[Privilege, ...]
) -> Iterator[str]:
    """The statements that grant exactly this on a table."""
    for role, privileges in ((roles.app, app), (roles.worker, worker)):
        yield f"REVOKE ALL ON {table} FROM {role}"
        if privileges:
            yield f"GRANT {', '.join(privileges)} ON {table} TO {role}"


def migrating_roles() -> Roles:
    """The roles of the database that is being migrated."""
    config = op.get_context().config
    assert config is not None
    return cast("Roles", config.attributes["roles"])
