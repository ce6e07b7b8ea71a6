"""Thousands of schedules of crashes, zombies and lost sessions break none of the promises.

`SINERGI_SEED=N` begins with that schedule; the one that failed is named with its seed.
"""

import os
import secrets
from types import SimpleNamespace

import pytest

from shared.streams import hearing, relay, taking
from tests.faults.simulation import store
from tests.faults.simulation.schedule import beside
from tests.faults.simulation.ways import Way
from tests.faults.simulation.world import World

_ENOUGH = 4_000
"""Schedules within which a wrong way must have broken a promise."""


@pytest.fixture(autouse=True)
def on_modelled_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the functions of production the models of what they await."""
    for name in ("parked_keys", "park", "forget_parked"):
        monkeypatch.setattr(hearing, name, getattr(store, name))
    monkeypatch.setattr(taking, "park", store.park)
    monkeypatch.setattr(taking, "QUICK_PAUSES", (0, 0, 0))
    monkeypatch.setattr(taking, "_tell", lambda _parked: None)
    monkeypatch.setattr(hearing.Heard, "of", lambda _copy, heard: heard)
    monkeypatch.setattr(relay, "asyncio", SimpleNamespace(create_task=beside))


@pytest.mark.parametrize("schedules", [500, pytest.param(10_000, marks=pytest.mark.proof)])
def test_no_schedule_breaks_a_promise(schedules: int) -> None:
    first = int(os.environ.get("SINERGI_SEED") or secrets.randbelow(1_000_000_000))
    print(f"SINERGI_SEED={first}")  # noqa: T201 (the same schedules again)

    broken = {seed: World(seed).run() for seed in range(first, first + schedules)}

    assert {seed: breaches for seed, breaches in broken.items() if breaches} == {}


@pytest.mark.parametrize("way", Way)
def test_a_way_that_is_known_to_be_wrong_is_seen(way: Way) -> None:
    seen = next((seed for seed in range(_ENOUGH) if World(seed, way).run()), None)

    assert seen is not None


def test_a_seed_is_a_schedule() -> None:
    worlds = [World(7), World(7), World(8)]
    for world in worlds:
        assert world.run() == []

    first, again, other = [(world.broker.said(), world.schedule.now) for world in worlds]
    assert first == again
    assert first != other
