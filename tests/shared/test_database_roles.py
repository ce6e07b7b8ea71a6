"""What each role of a service's database may do: in every database, with every table."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.databases import Connection, connected
from deploy.local.parts import Parts
from tests.support.databases import ROLES, SERVICES, Templates, superuser_url
from tests.support.ecosystem import Ecosystem

UNGUARDED = {
    "enterprise": "searched nationwide by name; a policy would make the search leave its index",
    "enterprise_copy": "any service shows the public state of any enterprise to whoever signs in",
    "audit_entry": "auditors read all of it; it holds ids and the names of fields, no values",
    "consent": "ids and codes; it follows its enterprise to another unit, which its queries join",
    "consent_copy": "ids, codes and instants; whom a consent names as recipient reads it too",
    "partner": "looked for nationwide by whoever makes an agreement",
    "facility": "looked for nationwide by whoever needs a room",
    "booking": "tells who has which room when, and the rooms of a unit are for all to see",
    "tenancy": "the same, for months",
    "consultant": "a unit, fields and hours; looked for by all units of a province",
    "request": "an enterprise, a field and who was asked; no words of anyone",
    "outcome": "a kind and a figure, which its topic tells to everyone too",
}
"""Tables of units or persons that are not guarded, and why; any other is."""

_OF_UNITS_OR_PERSONS = """
SELECT relname, relrowsecurity AND relforcerowsecurity AS forced, ARRAY(
    SELECT coalesce(rolname, 'public') FROM pg_policy, unnest(polroles) AS role
    LEFT JOIN pg_roles AS r ON r.oid = role WHERE polrelid = c.oid
) AS somehow, ARRAY(
    SELECT rolname FROM pg_policy, unnest(polroles) AS role JOIN pg_roles AS r ON r.oid = role
    WHERE polrelid = c.oid AND polcmd = '*' AND polqual IS NOT NULL AND polwithcheck IS NOT NULL
) AS for_all
FROM pg_class AS c
WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
AND EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname IN ('unit_id', 'subject_id')
)
"""

_MAY = """
SELECT array_agg(privilege) FROM unnest($3::text[]) AS privilege
WHERE has_table_privilege($1, $2::text, privilege)
"""
_USUAL = ("SELECT", "INSERT", "UPDATE", "DELETE")

_TOO_MUCH = """
SELECT relname, privilege FROM pg_class AS c, unnest($2::text[]) AS privilege
WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace::regnamespace::text !~ '^(pg_|information_)'
AND has_table_privilege($1, c.oid, privilege)
"""
_BEYOND = ("TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    """Each service in turn."""
    name: str = request.param
    return name


@pytest.fixture
async def superuser(parts: Parts, templates: Templates, service: str) -> AsyncIterator[Connection]:
    """A superuser in the migrated database of the service."""
    async with connected(superuser_url(parts, templates[service])) as connection:
        yield connection


async def test_every_table_of_units_or_persons_is_guarded_or_said_to_be_not(
    superuser: Connection, service: str
) -> None:
    both = {ROLES[service].app, ROLES[service].worker}

    found = await superuser.fetch(_OF_UNITS_OR_PERSONS)

    guarded = {
        table["relname"]
        for table in found
        if table["forced"] and set(table["for_all"]) == set(table["somehow"]) == both
    }
    assert {table["relname"] for table in found} - guarded - UNGUARDED.keys() == set()


@pytest.mark.parametrize(
    ("table", "app", "worker"),
    [
        ("event_log", "SELECT INSERT", "SELECT INSERT"),
        ("log_epoch", "SELECT", "SELECT"),
        ("relay_cursor", "", "SELECT INSERT UPDATE"),
        ("idempotency_key", "SELECT INSERT", "SELECT DELETE"),
        ("audit_block", "SELECT", "SELECT INSERT"),
        ("alembic_version", "", ""),
    ],
)
async def test_a_role_may_do_with_a_table_what_its_work_needs(
    superuser: Connection, service: str, table: str, app: str, worker: str
) -> None:
    roles = ROLES[service]

    assert await superuser.fetchval(_MAY, roles.app, table, _USUAL) == (app.split() or None)
    assert await superuser.fetchval(_MAY, roles.worker, table, _USUAL) == (worker.split() or None)


@pytest.mark.parametrize("service", ["mentoring", "partners", "facilities"], indirect=True)
@pytest.mark.parametrize("table", ["unit_copy", "enterprise_copy"])
async def test_the_worker_keeps_a_copy_and_the_app_reads_it(
    superuser: Connection, service: str, table: str
) -> None:
    roles = ROLES[service]

    assert await superuser.fetchval(_MAY, roles.app, table, _USUAL) == ["SELECT"]
    assert await superuser.fetchval(_MAY, roles.worker, table, _USUAL) == list(_USUAL)


async def test_nobody_but_the_owner_goes_beyond_rows(superuser: Connection, service: str) -> None:
    for role in (ROLES[service].app, ROLES[service].worker):
        assert await superuser.fetch(_TOO_MUCH, role, _BEYOND) == []
        for question in (
            "SELECT has_schema_privilege($1, 'public', 'CREATE')",
            "SELECT pg_has_role($1, 'pg_database_owner', 'MEMBER')",
        ):
            assert await superuser.fetchval(question, role) is False
    assert await superuser.fetch(_TOO_MUCH, "public", (*_USUAL, *_BEYOND)) == []


async def test_nobody_but_the_owner_makes_anything(registry: Ecosystem) -> None:
    for address in (registry.urls["registry"], registry.worker_urls["registry"]):
        async with connected(address) as someone:
            for statement in (
                "CREATE TABLE mine (id int)",
                "CREATE TEMP TABLE mine (id int)",
                "CREATE SCHEMA mine",
                "SET ROLE test_registry_owner",
                "ALTER TABLE enterprise DISABLE ROW LEVEL SECURITY",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await someone.execute(statement)


async def test_a_table_that_comes_later_is_there_for_both_without_a_grant(
    registry: Ecosystem,
) -> None:
    async with connected(registry.addresses["registry"].owner) as owner:
        await owner.execute("CREATE TABLE later (id int GENERATED ALWAYS AS IDENTITY, word text)")
        await owner.execute("CREATE SCHEMA attic CREATE TABLE later (word text)")

    for address in (registry.urls["registry"], registry.worker_urls["registry"]):
        async with connected(address) as someone:
            for schema in ("public", "attic"):
                await someone.execute("SELECT set_config('search_path', $1, false)", schema)
                await someone.execute("INSERT INTO later (word) VALUES ('a')")
                await someone.execute("UPDATE later SET word = 'b' WHERE word = 'a'")
                await someone.execute("DELETE FROM later")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await someone.execute("TRUNCATE later")
