"""A day of a centre, from the desk's first visitor to a closed business: the demo's own steps."""

import pytest

from deploy.cli.demo.day.playing import STORY, line
from deploy.cli.demo.day.scene import Scene
from deploy.cli.demo.day.story import STEPS
from tests.journeys.stage import play

AGAIN_AND_AGAIN = 10
"""Days; of what a day takes and gives back, the consultant's hours last for eight."""


def test_the_day_has_at_most_forty_steps_of_a_line_each() -> None:
    assert len(STEPS) <= 40
    for number, step in enumerate(STEPS, 1):
        assert line(number, step, "en").cell_len <= STORY
        assert line(number, step, "id").cell_len <= STORY


async def test_a_day_runs_from_end_to_end(scene: Scene) -> None:
    await play(scene, *(step.act for step in STEPS))


@pytest.mark.proof
async def test_a_day_can_be_played_again_and_again(scene: Scene) -> None:
    for _ in range(AGAIN_AND_AGAIN):
        await play(scene, *(step.act for step in STEPS))
