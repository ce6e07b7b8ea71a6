"""A database comes to the newest schema from nothing, twice, or by two at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.parts import Parts
from shared.migrations import check, upgrade
from tests.support.ecosystem import SERVICES, Templates

_SHAPE = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY 1, 2
"""


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def empty(parts: Parts) -> AsyncIterator[str]:
    """The address of a database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    async with _connection(parts.postgres_url) as connection:
        await connection.execute(f"CREATE DATABASE {name}")
        yield parts.postgres_url.rsplit("/", 1)[0] + f"/{name}"
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_say_what_the_migrations_make(
    parts: Parts, templates: Templates, service: str
) -> None:
    check(parts.postgres_url.rsplit("/", 1)[0] + f"/{templates[service]}", service)


async def test_a_second_upgrade_changes_nothing(empty: str) -> None:
    await asyncio.to_thread(upgrade, empty, "registry")
    async with _connection(empty) as connection:
        first = await connection.fetch(_SHAPE)
        await connection.execute("UPDATE log_epoch SET epoch = 3")

    await asyncio.to_thread(upgrade, empty, "registry")

    async with _connection(empty) as connection:
        assert await connection.fetch(_SHAPE) == first
        assert await connection.fetchval("SELECT epoch FROM log_epoch") == 3


async def test_two_upgrades_at_once_wait_for_each_other(empty: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(upgrade, empty, "mentoring") for _ in range(2)))

    async with _connection(empty) as connection:
        versions = await connection.fetch("SELECT version_num FROM alembic_version")
        assert len(versions) == 2
        assert await connection.fetchval("SELECT count(*) FROM log_epoch") == 1
