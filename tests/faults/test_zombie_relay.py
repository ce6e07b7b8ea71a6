"""A relay that was frozen, and lost its lock meanwhile, wakes up with old events in its hands."""

from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from services.registry.models import Enterprise
from shared.events import EnterpriseState
from tests.support.builders import open_batu, register_many
from tests.support.checkers import nothing_waits, out_of_order, topic_of, unsaid, wrong_last_values
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.processes import Program

KEYS = 24
"""Enough that every partition has some."""

_CUT_THE_LEADER_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
async def enterprises(ecosystem: Ecosystem) -> list[UUID]:
    """Enterprises that no relay has told of yet."""
    await open_batu(ecosystem.database("registry"))
    return await register_many(ecosystem.database("registry"), KEYS)


async def test_a_zombie_relay_changes_no_last_value(
    ecosystem: Ecosystem, enterprises: list[UUID], tmp_path: Path
) -> None:
    with _relay(ecosystem, tmp_path / "zombie.log", "--freeze-at", "2") as zombie:
        await eventually(partial(zombie.said, "relay.leads"))
        with _relay(ecosystem, tmp_path / "heir.log") as heir:
            await _let_the_heir_overtake(ecosystem, enterprises, zombie)
            zombie.wake_up()
            await eventually(partial(zombie.said, "relay.starts_over"))

            events = await topic_of(ecosystem, EnterpriseState)
            assert await wrong_last_values(ecosystem, events) == set()
            assert await zombie.said("ProducerFenced")

            await _rename_all(ecosystem, enterprises, "goes on")
            await eventually(partial(nothing_waits, ecosystem))
            assert not await heir.said("relay.starts_over")

    events = await topic_of(ecosystem, EnterpriseState)
    assert await wrong_last_values(ecosystem, events) == set()
    assert out_of_order(events) == []
    assert await unsaid(ecosystem) == set()


async def test_without_the_fence_the_same_zombie_makes_every_last_value_wrong(
    ecosystem: Ecosystem, enterprises: list[UUID], tmp_path: Path
) -> None:
    bad = "--unfenced"
    with _relay(ecosystem, tmp_path / "zombie.log", "--freeze-at", "2", bad) as zombie:
        await eventually(partial(zombie.said, "relay.leads"))
        with _relay(ecosystem, tmp_path / "heir.log", bad):
            await _let_the_heir_overtake(ecosystem, enterprises, zombie)
            zombie.wake_up()
            await eventually(partial(zombie.said, "relay.starts_over"))

    events = await topic_of(ecosystem, EnterpriseState)
    assert await wrong_last_values(ecosystem, events) == {str(key) for key in enterprises}
    assert out_of_order(events) == []  # a zombie only repeats; it is compaction that is misled


async def _let_the_heir_overtake(
    ecosystem: Ecosystem, enterprises: list[UUID], zombie: Program
) -> None:
    """The zombie has read the second states and frozen; its heir sends them, and the third."""
    await eventually(partial(nothing_waits, ecosystem))
    await _rename_all(ecosystem, enterprises, "second")
    await eventually(zombie.frozen)
    await ecosystem.rows("registry", _CUT_THE_LEADER_OFF)
    await eventually(partial(nothing_waits, ecosystem))
    await _rename_all(ecosystem, enterprises, "third")
    await eventually(partial(nothing_waits, ecosystem))


async def _rename_all(ecosystem: Ecosystem, enterprises: list[UUID], name: str) -> None:
    async with ecosystem.database("registry").transaction() as tx:
        for key in enterprises:
            enterprise = await tx.get_one(Enterprise, key)
            enterprise.rename(name)
            tx.publish(enterprise, "renamed")


def _relay(ecosystem: Ecosystem, log: Path, *words: str) -> Program:
    address = (ecosystem.worker_urls["registry"], ecosystem.parts.kafka, ecosystem.prefix)
    return Program(log, ["tests.faults.relay_process", *address, *words])
