"""The real parts, once per run; a fresh ecosystem of databases and topics for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from deploy.local.parts import Parts, real_parts
from tests.support.databases import Templates, migrated_templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem


@pytest.fixture(scope="session")
def parts() -> Iterator[Parts]:
    """A real PostgreSQL and a real Kafka."""
    with real_parts() as found:
        yield found


@pytest.fixture(scope="session")
def templates(parts: Parts) -> Templates:
    """One migrated database per service, to be cloned."""
    return migrated_templates(parts)


@pytest.fixture
async def ecosystem(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services with empty databases and topics of their own."""
    async with fresh_ecosystem(parts, templates) as fresh:
        await fresh.create_topics()
        yield fresh


@pytest.fixture
async def registry(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """The registry alone: quicker where no other service takes part."""
    async with fresh_ecosystem(parts, templates, ("registry",)) as fresh:
        yield fresh


@pytest.fixture
async def topics(registry: Ecosystem) -> None:
    """The topics of the registry's ecosystem, which most of its tests do without."""
    await registry.create_topics()
