"""A centre at Batu."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.parts import Parts
from tests.facilities.bodies import UNITS
from tests.facilities.centre import Centre
from tests.support.databases import Templates
from tests.support.ecosystem import fresh_ecosystem


@pytest.fixture
async def centre(parts: Parts, templates: Templates) -> AsyncIterator[Centre]:
    """Facilities alone, which have heard of the units of Batu and Malang."""
    async with fresh_ecosystem(parts, templates, ("facilities",)) as fresh:
        centre = Centre(fresh, await fresh.client("facilities", None))
        for region in UNITS:
            await centre.unit(region)
        yield centre
