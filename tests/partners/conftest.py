"""A town with the units of Batu and Malang."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.parts import Parts
from services.partners.models import Opportunity
from tests.partners.town import BATU_UNIT, UNITS, Town
from tests.support.databases import Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem


@pytest.fixture
async def town(parts: Parts, templates: Templates) -> AsyncIterator[Town]:
    """Partners alone, who have heard of two units."""
    async with fresh_ecosystem(parts, templates, ("partners",)) as fresh:
        town = Town(fresh, fresh.database("partners", "worker"))
        for region in UNITS:
            await town.unit(region)
        yield town


@pytest.fixture
async def opportunity(town: Town) -> Opportunity:
    """A credit that makers of food in East Java may get."""
    return await town.opportunity()


@pytest.fixture
async def consultant(town: Town) -> httpx.AsyncClient:
    """A consultant of the unit of Batu."""
    return await town.client("consultant", BATU_UNIT)


@pytest.fixture
async def bank(town: Town, opportunity: Opportunity) -> httpx.AsyncClient:
    """The partner's own software."""
    return await town.client("partner_client", f"partner:{opportunity.partner_id}")


@pytest.fixture
async def ecosystem(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services without topics, which few of these tests need and all would wait for."""
    async with fresh_ecosystem(parts, templates) as fresh:
        yield fresh


@pytest.fixture
async def topics(ecosystem: Ecosystem) -> None:
    """The topics, for those that do."""
    await ecosystem.create_topics()
