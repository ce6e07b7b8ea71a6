"""Facilities over HTTP: opened, changed, closed for a time or for good; bookings give way."""

from uuid import uuid4

from tests.facilities.bodies import UNITS, a_facility, a_request, hours
from tests.facilities.centre import Centre
from tests.support.builders import MALANG


async def test_a_facility_is_registered_found_and_changed(centre: Centre) -> None:
    made = await centre.ask("POST", "/facilities", json=a_facility(code="R-1"))
    address = made.headers["location"].removeprefix("/api/facilities/v1")
    changed = await centre.ask("PATCH", address, json={"places": 3}, seen=1)
    found = await centre.ask("GET", f"/facilities?unit_id={UNITS[MALANG]}")

    facility = changed.json()
    assert (made.status_code, changed.status_code) == (201, 200)
    assert (facility["places"], facility["code"], facility["time_zone"]) == (
        3,
        "R-1",
        "Asia/Jakarta",
    )
    assert facility["hours"] == a_facility()["hours"]
    assert found.json()["items"] == []
    [shown] = (await centre.ask("GET", f"/facilities?kind={facility['kind']}")).json()["items"]
    assert shown == facility


async def test_actions_are_those_that_are_open_to_whoever_asks(centre: Centre) -> None:
    room = await centre.facility()

    by = {
        persona: (await centre.ask("GET", f"/facilities/{room.id}", by=persona)).json()["actions"]
        for persona in ("officer", "desk", "stranger", "ministry")
    }

    assert by["officer"] == [
        "change_facility",
        "close_facility",
        "add_closure",
        "request_booking",
        "agree_tenancy",
    ]
    assert by["desk"] == ["request_booking"]
    assert by["stranger"] == by["ministry"] == []


async def test_a_code_is_given_once_in_a_unit(centre: Centre) -> None:
    await centre.facility(code="R-1")
    await centre.facility(code="R-1", unit_id=str(UNITS[MALANG]))

    again = await centre.ask("POST", "/facilities", json=a_facility(code="R-1"))

    assert (again.status_code, again.json()["type"]) == (409, "/problems/code-taken")


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"code": "r 1"}, "/code", "string_pattern_mismatch"),
    ({"places": 0}, "/places", "greater_than_equal"),
    ({"hours": []}, "/hours", "too_short"),
    (
        {"hours": [{"weekday": 1, "opens": "16:00", "closes": "08:00"}]},
        "/hours/0",
        "hours_order",
    ),
    (
        {
            "hours": [
                {"weekday": 1, "opens": "13:00", "closes": "16:00"},
                {"weekday": 1, "opens": "08:00", "closes": "13:01"},
            ]
        },
        "/hours",
        "hours_overlap",
    ),
    ({"buffer_after": 241}, "/buffer_after", "less_than_equal"),
]


async def test_each_field_that_breaks_a_rule_is_pointed_at(centre: Centre) -> None:
    for changes, pointer, code in BROKEN:
        answer = await centre.ask("POST", "/facilities", json=a_facility(**changes))

        [error] = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, pointer, code)


async def test_a_closure_displaces_what_is_booked_in_it_and_nothing_else(centre: Centre) -> None:
    hall, kitchen = await centre.facility(), await centre.facility()
    inside = await centre.books(hall, kitchen)
    outside = await centre.books(hall, **hours(3, 4))
    elsewhere = await centre.books(kitchen, **hours(2, 3))
    closed = {**hours(1.5, 3), "reason": "Perbaikan"}

    answer = await centre.ask("POST", f"/facilities/{hall.id}/closures", json=closed)

    assert answer.status_code == 201
    found = [await centre.booking(each.id) for each in (inside, outside, elsewhere)]
    assert [each.status for each in found] == ["displaced", "confirmed", "confirmed"]
    assert found[0].reason == "facility_closed"
    assert await centre.verbs(inside.id) == ["confirmed", "displaced"]
    assert await centre.places_of(inside.id) == 0
    kitchen_is_free = await centre.ask("POST", "/bookings", json=a_request(kitchen))
    assert kitchen_is_free.status_code == 201


async def test_a_closure_can_be_taken_back(centre: Centre) -> None:
    room = await centre.facility()
    closed = {**hours(0, 9), "reason": "Libur"}
    address = f"/facilities/{room.id}/closures"
    made = await centre.ask("POST", address, json=closed)

    listed = await centre.ask("GET", address)
    refused = await centre.ask("POST", "/bookings", json=a_request(room))
    cancelled = await centre.ask("POST", f"{address}/{made.json()['id']}/cancel")
    booked = await centre.ask("POST", "/bookings", json=a_request(room))

    assert listed.json()["items"] == [made.json()]
    assert (refused.status_code, cancelled.status_code, booked.status_code) == (409, 204, 201)
    gone = await centre.ask("GET", f"{address}/{made.json()['id']}")
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/closure-not-found")


async def test_a_facility_that_closes_displaces_all_that_is_to_come(centre: Centre) -> None:
    room = await centre.facility()
    bookings = [await centre.books(room, **hours(1, 2, day=day)) for day in (0, 5, 300)]

    closed = await centre.ask("POST", f"/facilities/{room.id}/close", seen=1)
    refused = await centre.ask("POST", "/bookings", json=a_request(room))
    reopened = await centre.ask("POST", f"/facilities/{room.id}/reopen", seen=2)

    assert closed.json()["status"] == "closed"
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/facility-shut")
    assert [(await centre.booking(each.id)).status for each in bookings] == ["displaced"] * 3
    assert reopened.json()["status"] == "open"
    assert await centre.verbs(room.id) == ["registered", "closed", "reopened"]


async def test_places_in_use_are_not_taken_away(centre: Centre) -> None:
    desks = await centre.facility(places=3)
    await centre.leases(desks, await centre.enterprise(), place=2)

    fewer = await centre.ask("PATCH", f"/facilities/{desks.id}", json={"places": 1}, seen=1)
    just = await centre.ask("PATCH", f"/facilities/{desks.id}", json={"places": 2}, seen=1)
    closed = await centre.ask("POST", f"/facilities/{desks.id}/close", seen=2)
    [listed] = (await centre.ask("GET", "/facilities")).json()["items"]

    assert just.json()["actions"] == listed["actions"]
    assert "close_facility" not in listed["actions"]
    assert (fewer.status_code, just.status_code, closed.status_code) == (409, 200, 409)
    assert fewer.json()["type"] == closed.json()["type"] == "/problems/places-in-use"


async def test_a_change_needs_the_version_that_was_seen(centre: Centre) -> None:
    room = await centre.facility()
    address = f"/facilities/{room.id}"

    missing = await centre.ask("PATCH", address, json={"places": 2})
    stale = await centre.ask("PATCH", address, json={"places": 2}, seen=7)
    nothing = await centre.ask("PATCH", address, json={"places": 1}, seen=1)
    absent = await centre.ask("PATCH", f"/facilities/{uuid4()}", json={"places": 2}, seen=1)
    foreign = await centre.ask("PATCH", address, json={"places": 2}, seen=1, by="stranger")

    statuses = [each.status_code for each in (missing, stale, nothing, absent, foreign)]
    assert statuses == [428, 412, 422, 404, 404]
