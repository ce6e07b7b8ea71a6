"""A database of an older checkout, which had one role, becomes the owner's with all in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.databases import address_of, connected, ensure_databases
from deploy.local.postgres import Postgres


@pytest.fixture
def superuser_url(tmp_path: Path) -> Iterator[str]:
    """A server of our own."""
    server = Postgres(tmp_path / "postgresql")
    yield server.start()
    server.stop()


@pytest.fixture
async def passwords(superuser_url: str, tmp_path: Path) -> Path:
    """What an older checkout has left: one role per service, its database, and its password."""
    async with connected(superuser_url) as superuser:
        await superuser.execute("CREATE ROLE registry LOGIN PASSWORD 'old'")
        await superuser.execute("CREATE DATABASE registry OWNER registry")
        await superuser.execute("REVOKE CONNECT ON DATABASE registry FROM PUBLIC")
    async with connected(address_of(superuser_url, "registry", "registry", "old")) as service:
        await service.execute("CREATE EXTENSION pg_trgm")
        await service.execute("CREATE TABLE kept (id int GENERATED ALWAYS AS IDENTITY, name text)")
        await service.execute("CREATE INDEX by_name ON kept USING gin (name gin_trgm_ops)")
        await service.execute("INSERT INTO kept (name) VALUES ('still here')")
    file = tmp_path / "passwords.json"
    file.write_text(json.dumps({"registry": "old"}))
    return file


async def test_the_owner_has_everything_and_the_old_role_is_gone(
    superuser_url: str, passwords: Path
) -> None:
    addresses = await ensure_databases(superuser_url, ("registry",), passwords)

    async with connected(addresses["registry"].owner) as owner:
        assert await owner.fetchval("SELECT name FROM kept") == "still here"
        await owner.execute("ALTER TABLE kept ADD COLUMN later text")
        await owner.execute("DROP EXTENSION pg_trgm CASCADE")
        roles = await owner.fetch("SELECT FROM pg_roles WHERE rolname = 'registry'")
    assert roles == []
    assert _kept(passwords) == {"registry_owner", "registry_app", "registry_worker"}


async def test_a_role_that_happens_to_have_the_name_and_owns_nothing_here_stays(
    superuser_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "passwords.json"
    await ensure_databases(superuser_url, ("registry",), file)
    async with connected(superuser_url) as superuser:
        await superuser.execute("CREATE ROLE registry")

        await ensure_databases(superuser_url, ("registry",), file)

        assert await superuser.fetchval("SELECT count(*) FROM pg_roles WHERE rolname='registry'")


def _kept(passwords: Path) -> set[str]:
    return set(json.loads(passwords.read_text()))
