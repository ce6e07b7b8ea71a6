"""A copy is built anew beside the living one, and never goes back in time (I9)."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest

from deploy.local.parts import Parts
from services.mentoring.copies import EnterpriseCopy
from services.registry.models import Enterprise
from shared.streams.kafka.whole import committed
from shared.streams.rebuilding import NothingToBuildFrom, rebuild
from tests.support.builders import open_batu, register_many
from tests.support.checkers import differences
from tests.support.databases import ROLES, Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem
from tests.support.eventually import eventually

COUNT = 30


@pytest.fixture
async def two(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """The registry, which has spoken, and mentoring, which has listened."""
    async with fresh_ecosystem(parts, templates, ("registry", "mentoring")) as fresh:
        await fresh.work("registry", "mentoring")
        await open_batu(fresh.database("registry"))
        yield fresh


async def test_what_is_wrong_in_a_copy_is_right_after_it_was_built_anew(two: Ecosystem) -> None:
    keys = await register_many(two.database("registry"), COUNT)
    await eventually(partial(_equal, two))
    await eventually(partial(_committed, two))
    await two.rows("mentoring", "UPDATE enterprise_copy SET kbli = '00000' WHERE id = $1", keys[0])
    await two.rows("mentoring", "DELETE FROM enterprise_copy WHERE id = $1", keys[1])
    await two.rows("mentoring", _STRAY, keys[2])
    told: list[tuple[int, int]] = []

    count = await _rebuild(two, told)

    assert count == COUNT
    assert await differences(two, "mentoring") == []
    assert told[-1][0] == told[-1][1] >= COUNT


async def test_the_listener_goes_on_and_nothing_of_it_is_lost(two: Ecosystem) -> None:
    keys = await register_many(two.database("registry"), COUNT)
    await eventually(partial(_equal, two))
    over = asyncio.Event()

    writing = asyncio.create_task(_rename_on_and_on(two, keys, over))
    for _ in range(3):
        await _rebuild(two, [])
    over.set()
    renamed = await writing

    assert renamed > 0
    await eventually(partial(_equal, two))


async def test_keys_of_which_an_event_is_parked_stay_as_they_are(two: Ecosystem) -> None:
    keys = await register_many(two.database("registry"), COUNT)
    await eventually(partial(_equal, two))
    await eventually(partial(_committed, two))
    await two.rows("mentoring", "UPDATE enterprise_copy SET seq = 0 WHERE id = $1", keys[0])
    await two.rows("mentoring", _PARKED, str(keys[0]))

    await _rebuild(two, [])

    [row] = await two.rows("mentoring", "SELECT seq FROM enterprise_copy WHERE id = $1", keys[0])
    assert row["seq"] == 0


async def test_a_topic_that_lost_everything_empties_no_copy(two: Ecosystem) -> None:
    await two.rows("mentoring", _STRAY_ALONE)

    with pytest.raises(NothingToBuildFrom):
        await _rebuild(two, [])

    assert len(await two.rows("mentoring", "SELECT FROM enterprise_copy")) == 1


_STRAY = """
INSERT INTO enterprise_copy
SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).*
FROM enterprise_copy AS c WHERE id = $1
"""
_STRAY_ALONE = """
INSERT INTO enterprise_copy (id, trade_name, kind, unit_id, village_code, kbli, size_class, status,
    owner_ids, epoch, seq, event_id)
SELECT gen_random_uuid(), '', '', gen_random_uuid(), '', '', '', '', '{}', 1, 1, gen_random_uuid()
"""
_PARKED = """
INSERT INTO parked_event
    (id, topic, key, epoch, seq, event_id, type, partition, "offset", headers, state, error)
VALUES (gen_random_uuid(), 'registry.enterprise.v1', $1, 1, 1, gen_random_uuid(),
    'id.sinergi.registry.enterprise.renamed.v1', 0, 0, '[]', 'retry', 'no room')
"""


async def _rebuild(two: Ecosystem, told: list[tuple[int, int]]) -> int:
    return await rebuild(
        two.superuser_url("mentoring"),
        two.parts.kafka,
        copy=EnterpriseCopy,
        group=two.prefix + "mentoring",
        roles=ROLES["mentoring"],
        progress=lambda *how_far: told.append(how_far),
        prefix=two.prefix,
    )


async def _equal(two: Ecosystem) -> bool:
    heard = await two.rows("mentoring", "SELECT FROM enterprise_copy")
    return len(heard) == COUNT and await differences(two, "mentoring") == []


async def _committed(two: Ecosystem) -> bool:
    found = await committed(two.parts.kafka, two.prefix + "mentoring")
    topic = two.prefix + EnterpriseCopy.state.topic
    return sum(offset for place, offset in found.items() if place.topic == topic) >= COUNT


async def _rename_on_and_on(two: Ecosystem, keys: list[UUID], over: asyncio.Event) -> int:
    number = 0
    while not over.is_set():
        number += 1
        async with two.database("registry").transaction() as tx:
            enterprise = await tx.get_one(Enterprise, keys[number % COUNT])
            enterprise.rename(f"Nama {number}")
            tx.publish(enterprise, "renamed")
    return number
