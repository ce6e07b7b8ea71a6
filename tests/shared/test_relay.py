"""What is in the log is on the topic: all of it, in order, whoever relays and however often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest
from structlog.testing import capture_logs

from services.registry import use_cases
from services.registry.schemas import ChangeEnterprise
from shared.database import Database
from shared.streams import relay as relay_module
from shared.streams.relay import ForeignCluster, Relay, undelivered
from shared.web.etags import Versions
from tests.support.builders import a_registration, open_batu, register, register_many
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.topics import enough_events, events

pytestmark = pytest.mark.usefixtures("topics")


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """The registry's database, with one unit; nothing relays it yet."""
    await open_batu(registry.database("registry"))
    return registry.database("registry")


def _relay(registry: Ecosystem) -> Relay:
    return Relay(
        registry.worker_urls["registry"],
        registry.parts.kafka,
        service="registry",
        prefix=registry.prefix,
    )


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[Relay]:
    """A relay that leads, until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    try:
        await eventually(partial(_leads, relay))
        yield relay
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)


async def _leads(relay: Relay) -> bool:
    return relay.leading


async def _waiting(registry: Ecosystem) -> int:
    connection = await asyncpg.connect(registry.worker_urls["registry"])
    try:
        count, age = await undelivered(connection)
        assert (age > 0) == (count > 0)
        return count
    finally:
        await connection.close()


async def _none_waits(registry: Ecosystem) -> bool:
    return await _waiting(registry) == 0


async def test_events_of_one_aggregate_arrive_in_their_order(
    registry: Ecosystem, database: Database
) -> None:
    ids = await register_many(database, 20)
    async with relaying(_relay(registry)):
        for seq in range(1, 6):
            for enterprise_id in ids:
                name = ChangeEnterprise(trade_name=f"Nama {seq}")
                async with database.transaction(registry.actor) as tx:
                    await use_cases.change_enterprise(tx, enterprise_id, Versions({seq}), name)

        arrived = await eventually(partial(enough_events, registry, 120))

    for enterprise_id in ids:
        seen = [event.seq for event in arrived if event.key == str(enterprise_id)]
        assert seen == [1, 2, 3, 4, 5, 6]


async def test_a_relay_begins_where_the_last_one_ended(
    registry: Ecosystem, database: Database
) -> None:
    first = await register(database)
    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))

    second = await register(database)
    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))

    sent = [event.key for event in await events(registry)]
    assert sorted(sent) == sorted([str(first.id), str(second.id)])


async def test_a_backlog_of_many_slices_is_sent_once_and_in_order(
    registry: Ecosystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "SLICE", 7)
    ids = await register_many(database, 100)
    for enterprise_id in ids[:20]:
        async with database.transaction(registry.actor) as tx:
            await use_cases.close_enterprise(tx, enterprise_id, Versions({1}))

    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))

    arrived = await events(registry)
    assert sorted((e.key, e.seq) for e in arrived) == sorted(
        [*((str(key), 1) for key in ids), *((str(key), 2) for key in ids[:20])]
    )
    for key in map(str, ids[:20]):
        assert [event.seq for event in arrived if event.key == key] == [1, 2]


async def test_a_walk_that_was_broken_off_goes_on_where_it_was(
    registry: Ecosystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "SLICE", 10)
    ids = await register_many(database, 35)
    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))
    third = "(SELECT id FROM event_log ORDER BY id OFFSET 20 LIMIT 1)"
    await registry.rows(
        "registry",
        "UPDATE relay_cursor SET target = done, done = '1:1:', "  # noqa: S608 (our own words)
        f"last_id = {third}",
    )
    assert await _waiting(registry) == 15

    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))

    assert len(await events(registry)) == len(ids) + 15


async def test_a_second_relay_stands_by_and_takes_over(
    registry: Ecosystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "STAND_BY", 0.1)
    second, stop = _relay(registry), asyncio.Event()
    async with relaying(_relay(registry)):
        standing_by = asyncio.create_task(second.run(stop))
        await register(database)
        await eventually(partial(_none_waits, registry))
        assert not second.leading

    await eventually(partial(_leads, second))
    await register(database)
    await eventually(partial(_none_waits, registry))
    stop.set()
    await asyncio.wait_for(standing_by, 10)

    assert len(await events(registry)) == 2


async def test_a_relay_whose_session_is_killed_starts_over_by_itself(
    registry: Ecosystem, database: Database
) -> None:
    async with relaying(_relay(registry)):
        await registry.rows(
            "registry",
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        enterprise = await register(database)

        (event,) = await eventually(partial(enough_events, registry, 1))

    assert event.key == str(enterprise.id)


async def test_a_log_that_was_restored_into_another_cluster_is_not_relayed(
    registry: Ecosystem, database: Database
) -> None:
    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))
    await registry.rows("registry", "UPDATE relay_cursor SET system_identifier = 17")
    await register(database)
    relay, stop = _relay(registry), asyncio.Event()

    with pytest.raises(ForeignCluster):
        await asyncio.wait_for(relay.run(stop), 10)

    assert not relay.leading
    assert await events(registry) == []


async def test_what_waits_is_counted_from_the_first_event_on(
    registry: Ecosystem, database: Database
) -> None:
    assert await _waiting(registry) == 1

    await register_many(database, 3)
    assert await _waiting(registry) == 4

    async with relaying(_relay(registry)):
        await eventually(partial(_none_waits, registry))
    await register(database)
    assert await _waiting(registry) == 1


async def test_an_event_that_commits_after_later_ones_is_not_lost(
    registry: Ecosystem, database: Database
) -> None:
    async with relaying(_relay(registry)):
        async with database.transaction(registry.actor) as slow:
            enterprise = await use_cases.register_enterprise(slow, a_registration())
            await slow.write_events()
            await register_many(database, 3)
            await eventually(partial(enough_events, registry, 3))

        arrived = await eventually(partial(enough_events, registry, 4))

    assert str(enterprise.id) in {event.key for event in arrived}


async def test_the_fence_is_renewed_before_the_broker_forgets_it(
    registry: Ecosystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.streams.relay.FENCE_RENEWAL", 0.2)

    with capture_logs() as logs:
        async with relaying(_relay(registry)):
            await register(database)
            await eventually(partial(_none_waits, registry))
            await asyncio.sleep(1)

    assert sum(entry["event"] == "relay.leads" for entry in logs) >= 2
    assert not [entry for entry in logs if entry["event"] == "relay.starts_over"]
    assert len(await events(registry)) == 1
