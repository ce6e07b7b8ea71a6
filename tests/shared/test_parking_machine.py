"""Parking and redrive lose nothing, double nothing and keep each key's order, whatever happens.

Three ways to listen that are known to be wrong are caught by the same machine.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from deploy.local.parts import Parts
from shared.database import open_engine
from shared.streams import hearing, taking
from tests.shared.known_bad import auto_commit, look_at_nothing_parked, unguarded
from tests.shared.parking_machine import Line, Parking
from tests.support.databases import Templates
from tests.support.ecosystem import fresh_ecosystem
from tests.support.stage import COPY, lay_tables


@pytest.fixture
def line(parts: Parts, templates: Templates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A service in a loop of its own; what fails is not tried again in place for long."""
    monkeypatch.setattr(taking, "QUICK_PAUSES", (0.0,))
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def prepare() -> Line:
            fresh = await stack.enter_async_context(
                fresh_ecosystem(parts, templates, ("registry",))
            )
            await lay_tables(fresh)
            superuser = open_engine(fresh.superuser_url("registry"), pool_size=1)
            stack.push_async_callback(superuser.dispose)
            return Line(runner, fresh.database("registry", "worker"), superuser)

        yield runner.run(prepare())
        runner.run(stack.aclose())


def _run(line: Line, examples: int, steps: int) -> None:
    Parking.line = line
    run_state_machine_as_test(
        Parking,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=examples < 100,
            # What fails once is enough; to find the shortest way to it takes minutes.
            phases=[Phase.explicit, Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("examples", "steps"), [(6, 25), pytest.param(150, 50, marks=pytest.mark.proof)]
)
def test_whatever_happens_nothing_is_lost_doubled_or_out_of_order(
    line: Line, examples: int, steps: int
) -> None:
    _run(line, examples, steps)


@pytest.mark.proof
def test_a_listener_that_commits_what_it_has_not_taken_is_caught(line: Line) -> None:
    line.committed = auto_commit

    with pytest.raises(AssertionError):
        _run(line, 60, 40)


@pytest.mark.proof
def test_a_copy_without_a_position_guard_is_caught(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(COPY, "_upsert", sa.text(unguarded(str(COPY._upsert))))  # noqa: SLF001 (what is to be broken)

    with pytest.raises(AssertionError, match="an effect twice, or out of order"):
        _run(line, 60, 40)


@pytest.mark.proof
def test_a_listener_that_does_not_look_at_what_is_parked_is_caught(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "parked_keys", look_at_nothing_parked)

    with pytest.raises(AssertionError, match="who came later went first"):
        _run(line, 60, 40)
