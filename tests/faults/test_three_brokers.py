"""Of three brokers one may be lost, and of two nothing is acknowledged that could be lost."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from shared.events import TOPICS
from shared.streams.kafka import ensure_topics
from tests.faults.servers import kill, start
from tests.faults.town import running_town
from tests.support.builders import open_batu
from tests.support.checkers import (
    lost_or_out_of_order,
    mentoring_copied,
    nothing_waits,
    waiting,
)
from tests.support.cluster import REPLICAS, Cluster, cluster
from tests.support.databases import migrated_templates
from tests.support.desk import Desk, acknowledged, answered, desks_at_work
from tests.support.ecosystem import PARTITIONS, Ecosystem, fresh_ecosystem
from tests.support.eventually import eventually

pytestmark = pytest.mark.proof

PUBLISHED = 30.0
"""Seconds within which another broker must have taken the place of a lost one."""
RECOVERY = 60.0
ALONE = 10.0


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    """A PostgreSQL and three brokers."""
    with cluster() as found:
        yield found


@pytest.fixture
async def replicated(three: Cluster) -> AsyncIterator[Ecosystem]:
    """Four services, each event of which is on three brokers."""
    templates = await asyncio.to_thread(migrated_templates, three.parts)
    async with fresh_ecosystem(three.parts, templates) as fresh:
        topics = [fresh.prefix + topic for topic in TOPICS]
        kafka = three.parts.kafka
        await ensure_topics(kafka, topics, partitions=PARTITIONS, replication=REPLICAS)
        await open_batu(fresh.database("registry"))
        yield fresh


@pytest.mark.parametrize("number", [2, 3])
async def test_another_takes_the_place_of_a_broker_that_is_killed(
    three: Cluster, replicated: Ecosystem, tmp_path: Path, number: int
) -> None:
    lost = three.brokers[number - 1]

    with running_town(replicated, tmp_path) as town:
        async with desks_at_work(replicated, town.url) as desks:
            await eventually(partial(answered, desks))
            kill(lost)
            meanwhile = await _acknowledged_within(1, desks)
        try:
            await eventually(partial(nothing_waits, replicated), PUBLISHED)
            await eventually(partial(mentoring_copied, replicated), PUBLISHED)
        finally:
            await start(lost)

    assert meanwhile > 0
    assert await lost_or_out_of_order(replicated) == []


async def test_two_lost_brokers_hold_up_the_log_and_lose_nothing(
    three: Cluster, replicated: Ecosystem, tmp_path: Path
) -> None:
    _leading, *lost = three.brokers

    with running_town(replicated, tmp_path) as town:
        async with desks_at_work(replicated, town.url) as desks:
            await eventually(partial(answered, desks))
            for broker in lost:
                kill(broker)
            meanwhile = await _acknowledged_within(ALONE, desks)
        held = await waiting(replicated)
        for broker in lost:
            await start(broker)
        await eventually(partial(nothing_waits, replicated), RECOVERY)
        await eventually(partial(mentoring_copied, replicated), RECOVERY)

    assert held >= meanwhile > 0
    assert await lost_or_out_of_order(replicated) == []


async def _acknowledged_within(seconds: float, desks: list[Desk]) -> int:
    before = acknowledged(desks)
    await asyncio.sleep(seconds)
    return acknowledged(desks) - before
