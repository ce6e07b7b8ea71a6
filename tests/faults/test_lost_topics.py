"""Kafka lost everything: the log is sent again, and all end where they were (F19, F20)."""

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest

from deploy.local.parts import Parts
from services.registry.models import Enterprise
from shared.events import TOPICS
from shared.streams.kafka import ensure_topics
from shared.streams.republishing import republish
from tests.support.builders import open_batu, register_many
from tests.support.checkers import differences, out_of_order, unsaid, wrong_last_values
from tests.support.databases import Templates
from tests.support.ecosystem import PARTITIONS, Ecosystem, fresh_ecosystem
from tests.support.eventually import eventually
from tests.support.removal import remove_topics
from tests.support.topics import events

COUNT = 40


@pytest.fixture
async def two(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """The registry, and one service that listens to it."""
    async with fresh_ecosystem(parts, templates, ("registry", "mentoring")) as fresh:
        await fresh.work("registry", "mentoring")
        yield fresh


@pytest.mark.proof
async def test_the_log_is_sent_again_and_everyone_ends_where_they_were(two: Ecosystem) -> None:
    keys = await _said(two)
    await eventually(partial(_equal, two))

    await _lose_all_topics(two)
    seen: list[tuple[int, int]] = []
    count = await republish(
        two.worker_urls["registry"], "registry", lambda *told: seen.append(told), two.prefix
    )
    await _rename(two, keys[0], "Setelah Bencana")

    assert count == seen[-1][0] == seen[-1][1] >= 1 + COUNT + 10
    await eventually(partial(_equal, two))
    said = await events(two)
    assert await unsaid(two) == set()
    assert out_of_order(said) == []
    assert await wrong_last_values(two, said) == set()


async def _said(two: Ecosystem) -> list[UUID]:
    database = two.database("registry")
    await open_batu(database)
    keys = await register_many(database, COUNT)
    for number, key in enumerate(keys[:10]):
        await _rename(two, key, f"Nama Baru {number}")
    return keys


async def _rename(two: Ecosystem, key: UUID, name: str) -> None:
    async with two.database("registry").transaction() as tx:
        enterprise = await tx.get_one(Enterprise, key)
        enterprise.rename(name)
        tx.publish(enterprise, "renamed")


async def _equal(two: Ecosystem) -> bool:
    heard = await two.rows("mentoring", "SELECT FROM enterprise_copy")
    return len(heard) == COUNT and await differences(two, "mentoring") == []


async def _lose_all_topics(two: Ecosystem) -> None:
    names = [two.prefix + topic for topic in TOPICS]
    await remove_topics(two.parts.kafka, names)

    async def made_again() -> bool:
        await ensure_topics(two.parts.kafka, names, partitions=PARTITIONS, replication=1)
        return True

    await eventually(made_again)
