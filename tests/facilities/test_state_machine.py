"""Whatever is asked in whatever order, the service does as the plain model says."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from deploy.local.parts import Parts
from tests.facilities.booking_machine import Bookings
from tests.facilities.centre import Centre
from tests.facilities.stage import Stage
from tests.support.builders import BATU
from tests.support.databases import Templates
from tests.support.ecosystem import fresh_ecosystem


@pytest.fixture
def stage(parts: Parts, templates: Templates) -> Iterator[Stage]:
    """A centre in a loop of its own."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def prepare() -> Centre:
            fresh = await stack.enter_async_context(
                fresh_ecosystem(parts, templates, ("facilities",))
            )
            centre = Centre(fresh, await fresh.client("facilities", None))
            await centre.unit(BATU)
            return centre

        yield Stage(runner, runner.run(prepare()))
        runner.run(stack.aclose())


@pytest.mark.parametrize(
    ("examples", "steps"), [(8, 30), pytest.param(150, 60, marks=pytest.mark.proof)]
)
def test_bookings_do_as_the_plain_model_says(stage: Stage, examples: int, steps: int) -> None:
    Bookings.stage = stage

    run_state_machine_as_test(
        Bookings,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=timedelta(seconds=20),
            derandomize=examples < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
