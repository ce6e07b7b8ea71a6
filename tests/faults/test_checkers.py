"""The checkers see what they are there for; one that never finds anything proves nothing."""

from functools import partial

import pytest

from shared.events import EnterpriseState
from tests.support.builders import open_batu, register_many
from tests.support.checkers import differences, out_of_order, topic_of, unsaid, wrong_last_values
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import an_event


@pytest.fixture
async def told(ecosystem: Ecosystem) -> Ecosystem:
    """Three enterprises of which mentoring has heard."""
    await open_batu(ecosystem.database("registry"))
    await register_many(ecosystem.database("registry"), 3)
    await ecosystem.work("registry", "mentoring")
    await eventually(partial(_equal, ecosystem))
    return ecosystem


async def _equal(ecosystem: Ecosystem) -> bool:
    return await differences(ecosystem, "mentoring") == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE enterprise_copy SET size_class = 'kecil' WHERE trade_name = 'Warung Nomor 1'", 2),
        ("UPDATE enterprise_copy SET seq = 9 WHERE trade_name = 'Warung Nomor 1'", 2),
        ("DELETE FROM enterprise_copy WHERE trade_name = 'Warung Nomor 1'", 1),
        ("UPDATE unit_copy SET time_zone = 'Asia/Jayapura'", 2),
    ],
)
async def test_a_copy_that_is_not_equal_is_seen(told: Ecosystem, harm: str, found: int) -> None:
    await told.rows("mentoring", harm)

    assert len(await differences(told, "mentoring")) == found


async def test_an_event_that_is_on_no_topic_is_seen(told: Ecosystem) -> None:
    assert await unsaid(told) == set()
    other = "UPDATE event_log SET event_id = uuidv7() WHERE id = 2 RETURNING event_id"

    [row] = await told.rows("registry", other)

    assert await unsaid(told) == {row["event_id"]}


async def test_a_last_value_that_is_not_the_last_is_seen(told: Ecosystem) -> None:
    events = await topic_of(told, EnterpriseState)
    assert await wrong_last_values(told, events) == set()

    await told.rows("registry", "UPDATE event_log SET seq = 7, event_id = uuidv7() WHERE id = 2")

    assert len(await wrong_last_values(told, events)) == 1


@pytest.mark.parametrize(
    ("order", "wrong"),
    [([1, 2, 3], 0), ([1, 2, 1, 2, 3], 0), ([2, 1, 3], 1), ([1, 3], 1), ([2], 1)],
)
def test_a_broken_order_is_seen_and_a_repetition_is_none(order: list[int], wrong: int) -> None:
    events = [an_event(seq=seq) for seq in order]

    assert len(out_of_order(events)) == wrong
