"""Mentoring alone, in the units of Batu and Malang."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.parts import Parts
from tests.mentoring.practice import Practice, a_practice
from tests.support.databases import Templates
from tests.support.ecosystem import fresh_ecosystem


@pytest.fixture
async def practice(parts: Parts, templates: Templates) -> AsyncIterator[Practice]:
    """Mentoring alone, which has heard of two units."""
    async with fresh_ecosystem(parts, templates, ("mentoring",)) as fresh:
        yield await a_practice(fresh)
