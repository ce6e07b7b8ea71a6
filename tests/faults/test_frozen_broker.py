"""The broker stands still for a while, its connections open: nothing is lost or reordered."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests.faults.servers import Servers, freeze, wake_up
from tests.faults.town import running_town
from tests.support.builders import open_batu
from tests.support.checkers import lost_or_out_of_order, mentoring_copied, nothing_waits
from tests.support.desk import acknowledged, answered, desks_at_work
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually

FROZEN = 30.0
RECOVERY = 60.0


@pytest.mark.proof
async def test_a_broker_that_stands_still_delays_and_breaks_nothing(
    breakable: Ecosystem, servers: Servers, tmp_path: Path
) -> None:
    await open_batu(breakable.database("registry"))
    with running_town(breakable, tmp_path) as town:
        async with desks_at_work(breakable, town.url) as desks:
            await eventually(partial(answered, desks))
            freeze(servers.kafka)
            try:
                before = acknowledged(desks)
                await asyncio.sleep(FROZEN)
                meanwhile = acknowledged(desks) - before
            finally:
                wake_up(servers.kafka)
        await eventually(partial(nothing_waits, breakable), RECOVERY)
        await eventually(partial(mentoring_copied, breakable), RECOVERY)

    assert meanwhile > 10 * FROZEN
    assert await lost_or_out_of_order(breakable) == []
