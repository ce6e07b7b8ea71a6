"""Bookings over HTTP: asked for, and refused with what can be had instead."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.facilities.bodies import UNITS, a_request, hours
from tests.facilities.centre import Centre
from tests.support.builders import MALANG

SLOT_TAKEN = (409, "/problems/slot-taken")


async def test_what_needs_no_approval_is_confirmed_at_once(centre: Centre) -> None:
    room = await centre.facility()

    answer = await centre.ask("POST", "/bookings", json=a_request(room), by="desk")

    booking = answer.json()
    assert (answer.status_code, booking["status"], answer.headers["etag"]) == (
        201,
        "confirmed",
        '"1"',
    )
    assert booking["facilities"] == [{"facility_id": str(room.id), "places": [1]}]
    read = await centre.ask("GET", answer.headers["location"].removeprefix("/api/facilities/v1"))
    assert read.json()["id"] == booking["id"]
    assert await centre.verbs(UUID(booking["id"])) == ["confirmed"]


async def test_a_taken_slot_is_one_clear_409_with_the_nearest_free_alternatives(
    centre: Centre,
) -> None:
    room, like_it = await centre.facility(code="A"), await centre.facility(code="B")
    await centre.books(room)

    answer = await centre.ask("POST", "/bookings", json=a_request(room))

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == SLOT_TAKEN
    nearest, *others = problem["alternatives"]
    assert nearest == {"facility_id": str(like_it.id), **_utc(hours(1, 2))}
    assert {"facility_id": str(room.id), **_utc(hours(0, 1))} in others
    assert {"facility_id": str(room.id), **_utc(hours(2, 3))} in others
    for slot in problem["alternatives"]:
        body = a_request(room if slot["facility_id"] == str(room.id) else like_it)
        times = {"starts_at": slot["starts_at"], "ends_at": slot["ends_at"]}
        again = await centre.ask("POST", "/bookings", json=body | times)
        assert again.status_code == 201, again.text


def _utc(times: dict[str, str]) -> dict[str, str]:
    return {
        name: datetime.fromisoformat(time).astimezone(UTC).isoformat().replace("+00:00", "Z")
        for name, time in times.items()
    }


async def test_several_facilities_are_booked_all_or_none(centre: Centre) -> None:
    hall, kitchen = await centre.facility(kind="hall"), await centre.facility(kind="machine")
    await centre.books(kitchen, **hours(2, 3))

    both = await centre.ask("POST", "/bookings", json=a_request(hall, kitchen, **hours(1, 3)))
    alone = await centre.ask("POST", "/bookings", json=a_request(hall, **hours(1, 3)))

    assert (both.status_code, both.json()["type"]) == SLOT_TAKEN
    starts = {slot["starts_at"] for slot in both.json()["alternatives"]}
    for start in starts:
        slots = [s for s in both.json()["alternatives"] if s["starts_at"] == start]
        assert {slot["facility_id"] for slot in slots} == {str(hall.id), str(kitchen.id)}
    assert alone.status_code == 201


async def test_places_are_taken_until_none_is_left(centre: Centre) -> None:
    desks = await centre.facility(kind="co_working", places=5)
    some = [{"facility_id": str(desks.id), "places": 3}]

    first = await centre.ask("POST", "/bookings", json=a_request(facilities=some))
    second = await centre.ask("POST", "/bookings", json=a_request(facilities=some))
    rest = [await centre.ask("POST", "/bookings", json=a_request(desks)) for _ in range(3)]

    assert [first.status_code, second.status_code] == [201, 409]
    assert [answer.status_code for answer in rest] == [201, 201, 409]
    taken = [first, *rest[:2]]
    places = [n for answer in taken for n in answer.json()["facilities"][0]["places"]]
    assert sorted(places) == [1, 2, 3, 4, 5]


async def test_the_time_between_two_uses_is_kept_free(centre: Centre) -> None:
    room = await centre.facility(buffer_before=10, buffer_after=20)
    await centre.books(room, **hours(2, 3))

    too_near = [hours(1, 1.6), hours(1.2, 2), hours(3, 4), hours(3.4, 4)]
    statuses = [
        (await centre.ask("POST", "/bookings", json=a_request(room, **times))).status_code
        for times in too_near
    ]
    just_right = [
        (await centre.ask("POST", "/bookings", json=a_request(room, **times))).status_code
        for times in (hours(0.5, 1.5), hours(3.5, 4))
    ]

    assert statuses == [409] * 4
    assert just_right == [201, 201]


async def test_outside_the_opening_hours_and_in_a_closure_it_says_so(centre: Centre) -> None:
    room = await centre.facility()
    closed = {**hours(4, 6), "reason": "Perbaikan pendingin udara"}
    await centre.ask("POST", f"/facilities/{room.id}/closures", json=closed)

    early = await centre.ask("POST", "/bookings", json=a_request(room, **hours(-1, 1)))
    overnight = await centre.ask("POST", "/bookings", json=a_request(room, **hours(8, 25)))
    shut = await centre.ask("POST", "/bookings", json=a_request(room, **hours(5, 7)))

    kinds = [answer.json()["type"] for answer in (early, overnight, shut)]
    assert kinds == ["/problems/outside-opening-hours"] * 2 + ["/problems/facility-shut"]
    assert shut.json()["alternatives"][0]["starts_at"] == _utc(hours(6, 8))["starts_at"]


IMPOSSIBLE: list[tuple[Mapping[str, object], str]] = [
    (hours(1, 2, day=-30), "/problems/time-impossible"),
    (hours(1, 2, day=400), "/problems/time-impossible"),
    (hours(1, 1.05), "/problems/time-impossible"),
    (hours(0, 24 * 8), "/problems/time-impossible"),
    (hours(2, 1), "/problems/invalid"),
    ({"facilities": [{"facility_id": str(uuid4())}]}, "/problems/facility-unknown"),
    ({"facilities": []}, "/problems/invalid"),
    ({"purpose": " "}, "/problems/invalid"),
    ({"enterprise_id": str(uuid4())}, "/problems/not-yet-known"),
]


async def test_what_cannot_be_is_refused_and_nothing_is_taken(centre: Centre) -> None:
    room = await centre.facility()
    for changes, kind in IMPOSSIBLE:
        answer = await centre.ask("POST", "/bookings", json=a_request(room, **changes))

        assert answer.json()["type"] == kind, changes

    assert await centre.ecosystem.rows("facilities", "SELECT FROM occupied_place") == []


async def test_more_places_than_there_are_and_two_units_at_once_are_refused(
    centre: Centre,
) -> None:
    room, far = await centre.facility(), await centre.facility(unit_id=str(UNITS[MALANG]))
    many = [{"facility_id": str(room.id), "places": 2}]
    twice = [{"facility_id": str(room.id)}, {"facility_id": str(room.id)}]

    answers = [
        await centre.ask("POST", "/bookings", json=a_request(facilities=many)),
        await centre.ask("POST", "/bookings", json=a_request(room, far)),
        await centre.ask("POST", "/bookings", json=a_request(facilities=twice)),
    ]

    assert [answer.json()["type"] for answer in answers] == [
        "/problems/too-many-places",
        "/problems/facilities-apart",
        "/problems/invalid",
    ]
