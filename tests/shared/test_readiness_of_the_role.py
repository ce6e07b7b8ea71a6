"""A service whose database role row security does not bind is not ready, and its log says why."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from deploy.local.databases import address_of, connected
from tests.support.ecosystem import Ecosystem

READY = "http://test/api/registry/health/ready"


@pytest.fixture
async def passing_by(registry: Ecosystem) -> AsyncIterator[str]:
    """The address of a role that is as the app's, and passes by all policies."""
    name, password = f"bypass_{uuid4().hex}", uuid4().hex
    inside = registry.superuser_url("registry")
    async with connected(inside) as superuser:
        await superuser.execute(f"CREATE ROLE {name} LOGIN BYPASSRLS PASSWORD '{password}'")
        await superuser.execute(f"GRANT test_registry_app TO {name}")
        database = await superuser.fetchval("SELECT current_database()")
        yield address_of(inside, database, name, password)
        await superuser.execute(f"DROP ROLE {name}")


async def test_with_the_apps_role_it_is_ready(registry: Ecosystem) -> None:
    client = await registry.client("registry", None)

    assert (await client.get(READY)).status_code == 204


async def test_as_a_superuser_it_is_not_ready(registry: Ecosystem) -> None:
    assert "superuser" in await _reason(registry, registry.superuser_url("registry"))


async def test_as_the_owner_it_is_not_ready(registry: Ecosystem) -> None:
    reason = await _reason(registry, registry.addresses["registry"].owner)

    assert reason.endswith(": owns_tables")


async def test_as_one_who_passes_by_it_is_not_ready(registry: Ecosystem, passing_by: str) -> None:
    assert (await _reason(registry, passing_by)).endswith(": bypassrls")


async def _reason(registry: Ecosystem, address: str) -> str:
    """What the log says of a service that enters its database as somebody else."""
    client = await registry.client("registry", None, database_url=address)

    with capture_logs() as logs:
        answer = await client.get(READY)

    assert answer.status_code == 503
    assert "not set up safely" in answer.json()["detail"]
    [line] = [line for line in logs if line["event"] == "service.not_ready"]
    return str(line["reason"])
