"""A log is sent again as a whole, by the relay that is at work, and its life goes on."""

import asyncio
from collections import Counter
from functools import partial

import pytest

from shared.streams import republishing
from shared.streams.republishing import NothingSent, republish
from tests.support.builders import open_batu, register, register_many
from tests.support.checkers import nothing_waits, out_of_order
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.topics import enough_events, events

COUNT = 20


async def test_everything_is_sent_again_in_order_and_what_comes_after_once(
    registry: Ecosystem,
) -> None:
    database = registry.database("registry")
    await open_batu(database)
    await register_many(database, COUNT)
    await registry.work("registry")
    await eventually(partial(nothing_waits, registry))
    seen: list[tuple[int, int]] = []

    count = await republish(
        registry.worker_urls["registry"],
        "registry",
        lambda *told: seen.append(told),
        registry.prefix,
    )
    await register(database, trade_name="Sesudahnya")

    await eventually(partial(enough_events, registry, 2 * COUNT + 1))
    said = await events(registry)
    assert count >= COUNT + 1  # a block of the audit trail may be sealed meanwhile
    assert seen[-1] == (count, count)
    assert len(said) == 2 * COUNT + 1
    assert sorted(Counter(event.id for event in said).values()) == [1] + [2] * COUNT
    assert out_of_order(said) == []


async def test_without_a_relay_the_wait_is_over_some_time_and_says_so(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_batu(registry.database("registry"))
    monkeypatch.setattr(republishing, "PATIENCE", 0.3)

    asking = republish(registry.worker_urls["registry"], "registry", lambda *_: None)
    with pytest.raises(NothingSent, match="no relay"):
        await asyncio.wait_for(asking, 10)
