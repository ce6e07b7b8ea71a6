"""A centre at Batu."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.parts import Parts
from tests.facilities.bodies import UNITS
from tests.facilities.centre import Centre
from tests.support.databases import Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem


@pytest.fixture
async def centre(parts: Parts, templates: Templates) -> AsyncIterator[Centre]:
    """Facilities alone, which have heard of the units of Batu and Malang."""
    async with fresh_ecosystem(parts, templates, ("facilities",)) as fresh:
        centre = Centre(fresh, await fresh.client("facilities", None))
        for region in UNITS:
            await centre.unit(region)
        yield centre


@pytest.fixture
async def ecosystem(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services without topics, which few of these tests need and all would wait for."""
    async with fresh_ecosystem(parts, templates) as fresh:
        yield fresh


@pytest.fixture
async def topics(ecosystem: Ecosystem) -> None:
    """The topics, for those that do."""
    await ecosystem.create_topics()
