"""Availability over HTTP: what it says is free can be booked, and it asks the database once."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from services.facilities.models.intervals import Interval
from services.facilities.models.opening import ZONES
from services.facilities.queries import Asked, occupancies
from tests.facilities.bodies import TOMORROW, UNITS, a_request, hours
from tests.facilities.centre import Centre
from tests.support.builders import BATU


def a_question(*, days: int = 1, **changes: str) -> dict[str, str]:
    return {
        "unit_id": str(UNITS[BATU]),
        "from": (TOMORROW - timedelta(hours=2)).isoformat(),
        "to": (TOMORROW + timedelta(days=days, hours=-2)).isoformat(),
        **changes,
    }


async def _free(
    centre: Centre, days: int = 1, **changes: str
) -> dict[str, list[tuple[float, float]]]:
    """By the code of each facility, when it is free, in hours after everything opens."""
    answer = await centre.ask("GET", "/availability", params=a_question(days=days, **changes))
    assert answer.status_code == 200, answer.text
    return {
        item["code"]: [(_hour(each["starts_at"]), _hour(each["ends_at"])) for each in item["free"]]
        for item in answer.json()["items"]
    }


def _hour(instant: str) -> float:
    return (datetime.fromisoformat(instant) - TOMORROW) / timedelta(hours=1)


async def test_a_room_is_free_when_it_is_open_and_nobody_has_it(centre: Centre) -> None:
    room = await centre.facility(code="A", buffer_after=30)
    await centre.facility(code="B", kind="hall")
    await centre.books(room, **hours(2, 3))
    closed = {**hours(5, 6), "reason": "Rapat"}
    await centre.ask("POST", f"/facilities/{room.id}/closures", json=closed)

    assert await _free(centre) == {"A": [(0, 1.5), (3.5, 5), (6, 9)], "B": [(0, 9)]}
    assert await _free(centre, kind="hall") == {"B": [(0, 9)]}
    assert await _free(centre, facility_id=str(room.id)) == {"A": [(0, 1.5), (3.5, 5), (6, 9)]}
    tomorrow = await _free(centre, kind="hall", days=2)
    assert tomorrow == {"B": [(0, 9), (24, 33)]}


async def test_places_are_free_together_when_each_is_throughout(centre: Centre) -> None:
    desks = await centre.facility(code="A", kind="co_working", places=2)
    for times in (hours(0, 4), hours(4, 9)):
        await centre.books(desks, **times)

    one, both = await _free(centre), await _free(centre, places="2")

    assert both == {"A": []}
    assert sorted(one["A"]) in ([(0, 9)], [(0, 4), (4, 9)])


async def test_a_leased_place_and_a_closed_facility_are_never_free(centre: Centre) -> None:
    shelf, hall = await centre.facility(code="A"), await centre.facility(code="B", kind="hall")
    await centre.leases(shelf, await centre.enterprise())
    await centre.ask("POST", f"/facilities/{hall.id}/close", seen=1)

    assert await _free(centre) == {"A": [], "B": []}


async def test_what_is_past_is_not_free(centre: Centre) -> None:
    await centre.facility(code="A")
    past = a_question() | {"from": "2026-01-05T08:00:00+07:00", "to": "2026-02-05T08:00:00+07:00"}

    answer = await centre.ask("GET", "/availability", params=past)

    assert [item["free"] for item in answer.json()["items"]] == [[]]


async def test_what_is_free_is_told_in_utc_whatever_clock_the_question_goes_by(
    centre: Centre,
) -> None:
    await centre.facility(code="A")
    window = {"from": TOMORROW + timedelta(hours=1), "to": TOMORROW + timedelta(hours=2)}
    asked = {name: instant.astimezone(ZONES["Asia/Jayapura"]) for name, instant in window.items()}

    question = a_question() | {name: instant.isoformat() for name, instant in asked.items()}
    answer = await centre.ask("GET", "/availability", params=question)

    told = {
        name: instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, instant in asked.items()
    }
    [item] = answer.json()["items"]
    assert item["free"] == [{"starts_at": told["from"], "ends_at": told["to"]}]


async def test_everyone_may_ask_and_what_is_free_can_be_booked(centre: Centre) -> None:
    room = await centre.facility(code="A", buffer_before=15)
    await centre.books(room, **hours(2, 3))
    answer = await centre.ask("GET", "/availability", params=a_question(), by="owner")

    [item] = answer.json()["items"]
    booked = [
        await centre.ask("POST", "/bookings", json=a_request(room, **free)) for free in item["free"]
    ]

    assert [each.status_code for each in booked] == [201, 201]
    assert await _free(centre) == {"A": []}


UNASKABLE: list[dict[str, str]] = [
    {"to": (TOMORROW + timedelta(days=70)).isoformat()},
    {"to": (TOMORROW - timedelta(days=1)).isoformat()},
    {"from": "2026-12-01"},
    {"places": "0"},
    {"kind": "castle"},
    {"unit_id": "1"},
]


async def test_a_question_that_cannot_be_asked_is_422(centre: Centre) -> None:
    for changes in UNASKABLE:
        answer = await centre.ask("GET", "/availability", params=a_question() | changes)

        assert answer.status_code == 422, changes


async def test_many_facilities_over_many_days_are_one_statement(centre: Centre) -> None:
    for number in range(5):
        room = await centre.facility(code=f"R-{number}", places=2)
        await centre.books(room, **hours(number, number + 1, day=number))
    window = a_question(days=60)
    statements: list[str] = []

    async with centre.database.reading(centre.ecosystem.actor) as tx:
        connection = await tx.connection()
        await connection.run_sync(
            lambda sync: sa.event.listen(
                sync,
                "before_cursor_execute",
                lambda *said: statements.append(said[2]),
            )
        )
        asked = Asked(UNITS[BATU])
        start, end = (datetime.fromisoformat(window[name]) for name in ("from", "to"))
        found = await occupancies(tx, asked, Interval(start, end))

    assert len(found) == 5
    assert len(statements) == 1
