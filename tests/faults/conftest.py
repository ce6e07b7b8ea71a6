"""Servers that may be broken, once for all, and a fresh ecosystem on them for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.faults.servers import Servers, breakable_servers
from tests.support.databases import Templates, migrated_templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem


@pytest.fixture(scope="package")
def servers() -> Iterator[Servers]:
    """A PostgreSQL and a Kafka that no other test needs; who breaks them starts them again."""
    with breakable_servers() as started:
        yield started


@pytest.fixture(scope="package")
def breakable_templates(servers: Servers) -> Templates:
    """One migrated database per service on the breakable server."""
    return migrated_templates(servers.parts)


@pytest.fixture
async def breakable(servers: Servers, breakable_templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services on the servers that may be broken."""
    async with fresh_ecosystem(servers.parts, breakable_templates) as fresh:
        await fresh.create_topics()
        yield fresh
