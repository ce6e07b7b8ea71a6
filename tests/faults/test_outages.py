"""A part is away for a while: what can go on goes on, what cannot says so, and all is made good."""

import asyncio
from functools import partial
from pathlib import Path

import httpx
import pytest

from shared.events import EnterpriseState
from tests.faults.servers import Servers, freeze, kill, start, wake_up
from tests.faults.town import running_town
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.checkers import mentoring_copied, nothing_waits, out_of_order, topic_of, unsaid
from tests.support.desk import acknowledged, answered, desks_at_work
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

RECOVERY = 60.0
IN_TIME = 10.0
"""Seconds within which a request is answered, whatever happens."""


@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=pytest.mark.proof)])
async def test_without_kafka_every_write_is_answered_and_made_good_later(
    breakable: Ecosystem, servers: Servers, tmp_path: Path, seconds: int
) -> None:
    await open_batu(breakable.database("registry"))
    with running_town(breakable, tmp_path) as town:
        async with desks_at_work(breakable, town.url) as desks:
            await eventually(partial(answered, desks))
            for desk in desks:
                desk.put_off.clear()
            await asyncio.to_thread(servers.kafka.stop)
            try:
                before = acknowledged(desks)
                await asyncio.sleep(seconds)
                meanwhile = acknowledged(desks) - before
            finally:
                await start(servers.kafka)
        await eventually(partial(nothing_waits, breakable), RECOVERY)
        await eventually(partial(mentoring_copied, breakable), RECOVERY)

    assert meanwhile > 10 * seconds
    assert [desk.put_off for desk in desks] == [[] for _ in desks]
    assert await unsaid(breakable) == set()
    assert out_of_order(await topic_of(breakable, EnterpriseState)) == []


async def test_a_service_whose_database_was_killed_says_so_and_recovers_by_itself(
    breakable: Ecosystem, servers: Servers, tmp_path: Path
) -> None:
    await open_batu(breakable.database("registry"))
    with running_town(breakable, tmp_path) as town:
        async with _client(breakable, town.url) as client:
            await eventually(partial(_registers, client))
            kill(servers.postgres)
            try:
                refused = await _register_at_once(client)
            finally:
                await start(servers.postgres)
            await eventually(partial(_registers, client))
        await eventually(partial(nothing_waits, breakable))
        await eventually(partial(mentoring_copied, breakable), RECOVERY)

    _are_told_to_come_again(refused)


async def test_a_service_whose_database_stands_still_says_so_in_time_and_recovers(
    breakable: Ecosystem, servers: Servers, tmp_path: Path
) -> None:
    await open_batu(breakable.database("registry"))
    with running_town(breakable, tmp_path) as town:
        async with _client(breakable, town.url) as client:
            await eventually(partial(_registers, client))
            freeze(servers.postgres)
            try:
                refused = await _register_at_once(client)
                alive = await client.get(town.url.replace("/v1", "/health/live"))
            finally:
                wake_up(servers.postgres)
            await eventually(partial(_registers, client))
        await eventually(partial(nothing_waits, breakable))
        await eventually(partial(mentoring_copied, breakable), RECOVERY)

    _are_told_to_come_again(refused)
    assert alive.status_code == 204


def _client(ecosystem: Ecosystem, url: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {ecosystem.issuer.token('operator')}"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=IN_TIME)


async def _registers(client: httpx.AsyncClient) -> bool:
    try:
        answer = await client.post("/enterprises", json=an_enterprise(), headers=a_key())
    except httpx.TransportError:
        return False
    return answer.status_code == 201


async def _register_at_once(client: httpx.AsyncClient) -> list[httpx.Response]:
    """More requests than a service has connections."""
    return await asyncio.gather(
        *(client.post("/enterprises", json=an_enterprise(), headers=a_key()) for _ in range(12))
    )


def _are_told_to_come_again(answers: list[httpx.Response]) -> None:
    assert {answer.status_code for answer in answers} == {503}
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
