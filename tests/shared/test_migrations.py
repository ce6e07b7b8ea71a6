"""A database comes to the newest schema from nothing, twice, or by two at once; as its owner."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from deploy.local.databases import Addresses, connected, create_database
from deploy.local.parts import Parts
from shared.migrations import check, upgrade
from shared.migrations.roles import Roles, RolesMissing
from tests.support.databases import (
    ROLES,
    SERVICES,
    Templates,
    addresses_of,
    drop,
    ensure_test_roles,
    superuser_url,
)

_SHAPE = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY 1, 2
"""
_NOT_THE_OWNERS = """
SELECT relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE nspname = 'public' AND pg_get_userbyid(relowner) <> $1
"""


@pytest.fixture
async def empty(parts: Parts) -> AsyncIterator[Addresses]:
    """A database of the registry with nothing in it."""
    await ensure_test_roles(parts)
    name = f"empty_{uuid4().hex}"
    async with connected(parts.postgres_url) as superuser:
        await create_database(superuser, name, ROLES["registry"])
    yield addresses_of(parts, "registry", name)
    await drop(parts, {"registry": name})


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_say_what_the_migrations_make(
    parts: Parts, templates: Templates, service: str
) -> None:
    check(superuser_url(parts, templates[service]), service)


async def test_a_second_upgrade_changes_nothing(empty: Addresses) -> None:
    await asyncio.to_thread(upgrade, empty.owner, "registry", ROLES["registry"])
    async with connected(empty.owner) as owner:
        first = await owner.fetch(_SHAPE)
        await owner.execute("UPDATE log_epoch SET epoch = 3")

    await asyncio.to_thread(upgrade, empty.owner, "registry", ROLES["registry"])

    async with connected(empty.owner) as owner:
        assert await owner.fetch(_SHAPE) == first
        assert await owner.fetchval("SELECT epoch FROM log_epoch") == 3


async def test_two_upgrades_at_once_wait_for_each_other(empty: Addresses) -> None:
    both = (
        asyncio.to_thread(upgrade, empty.owner, "registry", ROLES["registry"]) for _ in range(2)
    )
    await asyncio.gather(*both)

    async with connected(empty.owner) as owner:
        assert await owner.fetchval("SELECT count(*) FROM log_epoch") == 1


async def test_whoever_migrates_everything_belongs_to_the_owner(
    parts: Parts, empty: Addresses
) -> None:
    superuser = superuser_url(parts, urlsplit(empty.owner).path[1:])

    await asyncio.to_thread(upgrade, superuser, "registry", ROLES["registry"])

    async with connected(empty.owner) as owner:
        assert await owner.fetch(_NOT_THE_OWNERS, ROLES["registry"].owner) == []


async def test_who_lacks_the_roles_is_told_what_to_create(empty: Addresses) -> None:
    nobody = Roles.of("never_heard_of")

    with pytest.raises(RolesMissing, match="CREATE ROLE never_heard_of_app LOGIN;"):
        await asyncio.to_thread(upgrade, empty.owner, "registry", nobody)


async def test_a_database_of_somebody_else_is_not_migrated(
    parts: Parts, templates: Templates
) -> None:
    with pytest.raises(RolesMissing, match="must belong to test_mentoring_owner"):
        await asyncio.to_thread(
            upgrade, superuser_url(parts, templates["registry"]), "mentoring", ROLES["mentoring"]
        )
