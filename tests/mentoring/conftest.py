"""Mentoring alone, in the units of Batu and Malang."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.parts import Parts
from services.mentoring.models import Case, Consultant
from tests.mentoring.practice import Practice, a_practice
from tests.support.databases import Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem


@pytest.fixture
async def practice(parts: Parts, templates: Templates) -> AsyncIterator[Practice]:
    """Mentoring alone, which has heard of two units."""
    async with fresh_ecosystem(parts, templates, ("mentoring",)) as fresh:
        yield await a_practice(fresh)


@pytest.fixture
async def ecosystem(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services without topics, which few of these tests need and all would wait for."""
    async with fresh_ecosystem(parts, templates) as fresh:
        yield fresh


@pytest.fixture
async def topics(ecosystem: Ecosystem) -> None:
    """The topics, for those that do."""
    await ecosystem.create_topics()


@pytest.fixture
async def consultant(practice: Practice) -> Consultant:
    """Somebody of the unit of Batu, with 20 hours a week."""
    return await practice.consultant()


@pytest.fixture
async def case(practice: Practice, consultant: Consultant) -> Case:
    """A case in their hands, which takes two hours a week."""
    return await practice.case(consultant)
