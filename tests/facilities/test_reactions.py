"""What facilities does about what it hears: rooms for sessions, and the future of enterprises."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from services.facilities.models import Booking
from shared.refusals import NotYetKnown
from tests.facilities.bodies import HOUR, TOMORROW, a_request, hours
from tests.facilities.centre import Centre


async def _last(centre: Centre, session: UUID) -> Booking:
    return (await centre.bookings_of(session))[-1]


async def test_a_session_that_wants_a_room_is_given_one(centre: Centre) -> None:
    room = await centre.facility(approval="officer")
    await centre.facility(kind="hall")

    session = await centre.session()

    [booking] = await centre.bookings_of(session)
    assert (booking.status, booking.facility_ids) == ("confirmed", (room.id,))
    assert (booking.session_id, booking.session_revision) == (session, 1)
    assert booking.use.start == TOMORROW + HOUR
    [said] = await centre.ecosystem.rows(
        "facilities", "SELECT data FROM event_log WHERE key = $1::text", str(booking.id)
    )
    assert str(session) in said["data"]


async def test_a_wish_is_answered_once_however_often_it_is_heard(centre: Centre) -> None:
    await centre.facility(places=5)
    session = await centre.session()

    await centre.hears_again(session, room="given")
    await centre.ecosystem.rows("facilities", "TRUNCATE session_copy")
    await centre.hears_again(session, room="wanted")

    [booking] = await centre.bookings_of(session)
    assert await centre.verbs(booking.id) == ["confirmed"]


async def test_the_database_refuses_a_second_answer_to_one_wish(centre: Centre) -> None:
    await centre.facility()
    [booking] = await centre.bookings_of(await centre.session())
    twin = Booking(**booking.model_dump() | {"id": UUID(int=1)})

    with pytest.raises(IntegrityError):
        async with centre.database.transaction() as tx:
            tx.add(twin)


async def test_without_a_free_room_it_hears_why_not_and_what_else_there_is(centre: Centre) -> None:
    first = await centre.session()
    room = await centre.facility()
    taken, second = await centre.session(), await centre.session()
    early = await centre.session(**hours(-3, -2))
    await centre.ask("POST", f"/facilities/{room.id}/close", seen=1)
    closed = await centre.session(**hours(3, 4))

    answers = [await _last(centre, session) for session in (first, second, early, closed)]

    assert (await _last(centre, taken)).status == "displaced"
    assert [answer.status for answer in answers] == ["rejected"] * 4
    assert [answer.reason for answer in answers] == [
        "no_such_facility",
        "taken",
        "outside_opening_hours",
        "facility_closed",
    ]
    assert [bool(answer.alternatives) for answer in answers] == [False, True, True, False]
    assert all(answer.alternatives[0]["facility_id"] == str(room.id) for answer in answers[1:3])


async def test_a_replanned_session_moves_and_its_old_room_is_free(centre: Centre) -> None:
    room = await centre.facility()
    session = await centre.session()
    overlapping = {"starts_at": TOMORROW + 1.5 * HOUR, "ends_at": TOMORROW + 2.5 * HOUR}

    await centre.hears_again(session, revision=2, room="wanted", **overlapping)

    old, new = await centre.bookings_of(session)
    assert (old.status, old.reason, new.status) == ("cancelled", "not_needed", "confirmed")
    assert new.use.start == TOMORROW + 1.5 * HOUR
    free = await centre.ask("POST", "/bookings", json=a_request(room, **hours(1, 1.5)))
    assert free.status_code == 201


@pytest.mark.parametrize(
    ("heard", "status"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "to_replan", "room": "lost"}, "cancelled"),
        ({"mode": "online", "room": "not_wanted"}, "cancelled"),
        ({"status": "held", "minutes": 60}, "completed"),
        ({"status": "missed"}, "no_show"),
        ({"consultant_id": UUID(int=7)}, "confirmed"),
    ],
)
async def test_what_becomes_of_a_session_becomes_of_its_booking(
    centre: Centre, heard: dict[str, object], status: str
) -> None:
    await centre.facility()
    session = await centre.session()

    await centre.hears_again(session, **{"room": "given"} | heard)

    [booking] = await centre.bookings_of(session)
    assert booking.status == status
    assert await centre.places_of(booking.id) == (status == "confirmed")


async def test_a_session_whose_time_is_over_is_given_nothing(centre: Centre) -> None:
    await centre.facility()

    session = await centre.session(
        starts_at=TOMORROW - timedelta(days=30), ends_at=TOMORROW - timedelta(days=30) + HOUR
    )

    [booking] = await centre.bookings_of(session)
    assert (booking.status, booking.reason) == ("rejected", "expired")


async def test_a_session_of_a_unit_not_yet_heard_of_waits(centre: Centre) -> None:
    with pytest.raises(NotYetKnown):
        await centre.session(unit_id=UUID(int=5))

    assert await centre.ecosystem.rows("facilities", "SELECT FROM booking") == []


async def test_an_enterprise_that_closes_gives_up_its_future(centre: Centre) -> None:
    room, shelf = await centre.facility(), await centre.facility(kind="display")
    mine, others = await centre.enterprise(), await centre.enterprise()
    merged = await centre.enterprise(merged_into=mine)
    booking = await centre.books(room, enterprise_id=str(mine))
    theirs = await centre.books(room, enterprise_id=str(merged), **hours(2, 3))
    other = await centre.books(room, enterprise_id=str(others), **hours(3, 4))
    tenancy = await centre.leases(shelf, mine)

    await centre.hears_again(merged, status="merged")
    unmoved = await centre.booking(theirs.id)
    await centre.hears_again(mine, status="closed")

    found = [await centre.booking(each.id) for each in (booking, theirs, other)]
    assert unmoved.status == "confirmed"
    assert [each.status for each in found] == ["cancelled", "cancelled", "confirmed"]
    assert [each.reason for each in found] == ["enterprise_closed"] * 2 + [None]
    ended = await centre.ask("GET", f"/tenancies/{tenancy.id}")
    assert (ended.json()["status"], ended.json()["reason"]) == ("ended", "enterprise_closed")
    refused = await centre.ask("POST", "/bookings", json=a_request(room, enterprise_id=str(mine)))
    assert refused.json()["type"] == "/problems/enterprise-closed"


async def test_an_enterprise_that_joins_a_closed_one_gives_up_its_future(centre: Centre) -> None:
    gone, mine = await centre.enterprise(status="closed"), await centre.enterprise()
    booking = await centre.books(await centre.facility(), enterprise_id=str(mine))

    await centre.hears_again(mine, status="merged", merged_into=gone)

    assert (await centre.booking(booking.id)).reason == "enterprise_closed"


async def test_what_is_heard_is_done_in_the_name_of_the_service(centre: Centre) -> None:
    await centre.facility()
    await centre.session()

    [done] = await centre.ecosystem.rows(
        "facilities",
        "SELECT actor, operation FROM audit_entry WHERE operation = 'give_it_a_room'",
    )
    assert done["actor"] == "system:facilities"
