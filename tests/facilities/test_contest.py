"""A slot is never booked twice, however many want it at once."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from services.facilities.models import Facility
from tests.facilities.bodies import a_request, hours
from tests.facilities.centre import Centre
from tests.facilities.contest import (
    at_once,
    book,
    events_of_bookings,
    overlaps,
    served,
    statuses,
)
from tests.facilities.known_bad import check_then_insert

CLIENTS = 200


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.proof)])
async def test_one_of_two_hundred_has_the_slot_and_the_others_hear_it_is_taken(
    centre: Centre, rounds: int
) -> None:
    rooms = [await centre.facility() for _ in range(rounds)]
    async with served(centre) as clients:
        for room in rooms:
            answers = await at_once(clients, [a_request(room)] * CLIENTS)

            assert statuses(answers) == {201: 1, 409: CLIENTS - 1}
            refused = [answer.json() for answer in answers if answer.status_code == 409]
            assert {problem["type"] for problem in refused} == {"/problems/slot-taken"}
            assert all(problem["alternatives"] for problem in refused)

    assert await overlaps(centre) == []
    assert sorted((await events_of_bookings(centre)).values()) == [1] * rounds


async def test_a_rush_on_one_slot_keeps_nobody_from_reading(centre: Centre) -> None:
    room = await centre.facility()
    async with served(centre) as clients:
        rush = asyncio.create_task(at_once(clients, [a_request(room)] * CLIENTS))
        read = [await clients[n % 2].get(f"/facilities/{room.id}") for n in range(20)]
        answers = await rush

    assert statuses(read) == {200: 20}
    assert statuses(answers) == {201: 1, 409: CLIENTS - 1}


async def test_as_many_as_there_are_places_have_one(centre: Centre) -> None:
    desks = await centre.facility(kind="co_working", places=7)
    async with served(centre) as clients:
        answers = await at_once(clients, [a_request(desks)] * 60)

    assert statuses(answers) == {201: 7, 409: 53}
    assert await overlaps(centre) == []


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.proof)])
async def test_random_bundles_from_fifty_clients_never_overlap_and_each_has_one_event(
    centre: Centre, seed: int
) -> None:
    facilities = [await centre.facility(places=1 + n % 3, buffer_after=5 * n) for n in range(6)]
    async with served(centre) as clients:
        answers = await _many(clients, facilities, seed)

    found = statuses(answers)
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert set(found) == {201, 409}
    assert min(found.values()) > 20
    assert await overlaps(centre) == []
    assert await events_of_bookings(centre) == dict.fromkeys(made, 1)


async def test_check_then_insert_is_caught(centre: Centre) -> None:
    room = await centre.facility()
    await check_then_insert(centre)
    async with served(centre) as clients:
        answers = await at_once(clients, [a_request(room)] * CLIENTS)

    assert statuses(answers)[201] > 1
    assert len(await overlaps(centre)) >= 1


async def _many(
    clients: Sequence[httpx.AsyncClient], facilities: Sequence[Facility], seed: int
) -> list[httpx.Response]:
    """Fifty clients, each of whom asks for six things one after another."""
    order = random.Random(seed)  # noqa: S311 (not for secrets)
    wishes = [[_a_bundle(facilities, order) for _ in range(6)] for _ in range(50)]

    async def ask(number: int, bodies: list[dict[str, Any]]) -> list[httpx.Response]:
        return [await book(clients[number % len(clients)], body) for body in bodies]

    answers = await asyncio.gather(*(ask(n, bodies) for n, bodies in enumerate(wishes)))
    return [answer for each in answers for answer in each]


def _a_bundle(facilities: Sequence[Facility], order: random.Random) -> dict[str, Any]:
    """Some places of some facilities, in any order, at some time of one of three days."""
    chosen = order.sample(facilities, order.choice((1, 1, 1, 2, 3)))
    wanted = [
        {"facility_id": str(each.id), "places": order.randint(1, each.places)} for each in chosen
    ]
    start = order.randrange(0, 32) / 4
    length = order.choice((0.25, 0.5, 1))
    times = hours(start, start + length, day=order.randrange(3))
    return a_request(facilities=wanted, **times)
