"""Whoever may write to the database moves sealed bytes about, and gains nothing by it."""

from uuid import UUID

import asyncpg
import pytest

from deploy.local.databases import connected
from shared.database import Database
from shared.vault.cipher import NotOurs
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import a_vault, enclose, read

_SWAPS = {
    "the same field of another person": """
        UPDATE vault.field AS f SET value = o.value FROM vault.field AS o
        WHERE f.subject_id = $1 AND o.subject_id = $2 AND f.name = 'nik' AND o.name = 'nik'
    """,
    "another field of the same person": """
        UPDATE vault.field AS f SET value = o.value FROM vault.field AS o
        WHERE f.subject_id = $1 AND o.subject_id = $1 AND f.name = 'name' AND o.name = 'nik'
        AND $2::uuid IS NOT NULL
    """,
    "the name of a field": """
        UPDATE vault.field SET name = 'email'
        WHERE subject_id = $1 AND name = 'nik' AND $2::uuid IS NOT NULL
    """,
    "the key of another person": """
        UPDATE vault.subject AS s SET wrapped_key = o.wrapped_key, key_id = o.key_id
        FROM vault.subject AS o WHERE s.subject_id = $1 AND o.subject_id = $2
    """,
    "the id of a key": """
        UPDATE vault.subject AS s SET key_id = o.key_id
        FROM vault.subject AS o WHERE s.subject_id = $1 AND o.subject_id = $2
    """,
    "the person of a key and of its fields": """
        WITH theirs AS (
            UPDATE vault.subject AS s SET wrapped_key = o.wrapped_key, key_id = o.key_id
            FROM vault.subject AS o WHERE s.subject_id = $1 AND o.subject_id = $2
        )
        UPDATE vault.field AS f SET value = o.value FROM vault.field AS o
        WHERE f.subject_id = $1 AND o.subject_id = $2 AND f.name = o.name
    """,
    "the epoch of a key": """
        WITH copied AS (
            INSERT INTO vault.epoch_key (id, wrapped) SELECT 2, wrapped FROM vault.epoch_key
            WHERE id = 1 RETURNING id
        )
        UPDATE vault.subject SET epoch_id = 2
        WHERE subject_id = $1 AND $2::uuid IS NOT NULL
    """,
    "an index key for that of the epoch": """
        UPDATE vault.epoch_key SET wrapped = (SELECT wrapped FROM vault.index_key)
        WHERE $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL
    """,
    "a sealed value cut short": """
        UPDATE vault.field SET value = substr(value, 1, 12)
        WHERE subject_id = $1 AND name = 'nik' AND $2::uuid IS NOT NULL
    """,
}


@pytest.fixture
def database(registry: Ecosystem) -> Database:
    """The registry's database, entered as its api does."""
    return registry.database("registry")


@pytest.mark.parametrize("swap", _SWAPS.values(), ids=_SWAPS)
async def test_moved_bytes_do_not_open(registry: Ecosystem, database: Database, swap: str) -> None:
    vault = a_vault()
    victim = await enclose(database, vault, 1, email=None)
    other = await enclose(database, vault, 2)
    await read(database, vault, victim)

    await _as_superuser(registry, swap, victim, other)

    # Another process, which knows no key yet.
    with pytest.raises(NotOurs):
        await read(database, a_vault(), victim)


async def test_a_field_lies_in_no_other_unit_than_its_person(
    registry: Ecosystem, database: Database
) -> None:
    subject_id = await enclose(database, a_vault())

    for table in ("field", "blind_index"):
        statement = f"UPDATE vault.{table} SET unit_id = $2 WHERE subject_id = $1"  # noqa: S608
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await _as_superuser(registry, statement, subject_id, UUID(int=1))


async def _as_superuser(registry: Ecosystem, statement: str, *values: UUID) -> None:
    async with connected(registry.superuser_url("registry")) as superuser:
        assert await superuser.execute(statement, *values) != "UPDATE 0"
