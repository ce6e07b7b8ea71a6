"""What becomes of a booking over HTTP: answered, moved, given up, used."""

from datetime import UTC, datetime, timedelta

from tests.facilities.bodies import ALWAYS, a_request, hours
from tests.facilities.centre import Centre

SLOT_TAKEN = (409, "/problems/slot-taken")


async def test_a_pending_booking_keeps_its_place_until_the_officer_answers(
    centre: Centre,
) -> None:
    hall = await centre.facility(kind="hall", approval="officer")
    pending = await centre.books(hall)

    rival = await centre.ask("POST", "/bookings", json=a_request(hall))
    rejected = await centre.ask("POST", f"/bookings/{pending.id}/reject", seen=1)
    now_free = await centre.ask("POST", "/bookings", json=a_request(hall))
    confirmed = await centre.ask("POST", f"/bookings/{now_free.json()['id']}/confirm", seen=1)

    assert (pending.status, rival.status_code) == ("pending", 409)
    assert (rejected.json()["status"], rejected.json()["reason"]) == ("rejected", "declined")
    assert (now_free.json()["status"], confirmed.json()["status"]) == ("pending", "confirmed")
    again = await centre.ask("POST", f"/bookings/{now_free.json()['id']}/confirm", seen=2)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-status")


async def test_a_moved_booking_frees_where_it_was_and_has_where_it_is(centre: Centre) -> None:
    room = await centre.facility()
    booking = await centre.books(room)
    await centre.books(room, **hours(3, 4))

    taken = await centre.ask("POST", f"/bookings/{booking.id}/move", seen=1, json=hours(2.5, 3.5))
    moved = await centre.ask("POST", f"/bookings/{booking.id}/move", seen=1, json=hours(1.5, 3))
    old = await centre.ask("POST", "/bookings", json=a_request(room, **hours(1, 1.5)))

    assert (taken.status_code, taken.json()["type"]) == SLOT_TAKEN
    assert (moved.status_code, moved.json()["status"]) == (200, "confirmed")
    assert old.status_code == 201
    assert await centre.verbs(booking.id) == ["confirmed", "moved"]
    stale = await centre.ask("POST", f"/bookings/{booking.id}/move", seen=1, json=hours(5, 6))
    assert stale.status_code == 412


async def test_a_cancelled_booking_is_free_for_others(centre: Centre) -> None:
    room = await centre.facility()
    booking = await centre.books(room)

    cancelled = await centre.ask("POST", f"/bookings/{booking.id}/cancel", seen=1)
    again = await centre.ask("POST", "/bookings", json=a_request(room))

    assert (cancelled.json()["status"], cancelled.json()["reason"]) == ("cancelled", "not_needed")
    assert again.status_code == 201
    assert await centre.places_of(booking.id) == 0


async def test_who_comes_is_checked_in_and_completed(centre: Centre) -> None:
    room = await centre.facility(hours=ALWAYS)
    soon = await centre.books(room, **_from_now(minutes=20))

    early = await centre.ask("POST", f"/bookings/{soon.id}/complete", by="desk", seen=1)
    came = await centre.ask("POST", f"/bookings/{soon.id}/check-in", by="desk", seen=1)
    await _begins(centre)
    there = await centre.ask("GET", f"/bookings/{soon.id}", by="desk")
    left = await centre.ask("POST", f"/bookings/{soon.id}/complete", by="desk", seen=2)

    assert (early.status_code, early.json()["type"]) == (409, "/problems/too-early")
    assert (came.json()["status"], came.json()["actions"]) == ("checked_in", [])
    assert there.json()["actions"] == ["complete_booking"]
    assert left.json()["status"] == "completed"
    assert await centre.places_of(soon.id) == 0


async def test_what_has_begun_offers_nobody_to_cancel_it(centre: Centre) -> None:
    booking = await centre.books(await centre.facility())
    before = await centre.ask("GET", f"/bookings/{booking.id}")
    await _begins(centre)

    read = await centre.ask("GET", f"/bookings/{booking.id}")
    [listed] = (await centre.ask("GET", "/bookings")).json()["items"]
    refused = await centre.ask("POST", f"/bookings/{booking.id}/cancel", seen=1)

    assert before.json()["actions"] == ["move_booking", "cancel_booking"]
    used = ["check_in_booking", "complete_booking", "move_booking"]
    assert read.json()["actions"] == listed["actions"] == used
    assert refused.status_code == 409


async def _begins(centre: Centre) -> None:
    begun = "UPDATE booking SET starts_at = now() - interval '1 min'"
    await centre.ecosystem.rows("facilities", begun)


def _from_now(minutes: int) -> dict[str, str]:
    start = datetime.now(UTC) + timedelta(minutes=minutes)
    return {
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(minutes=60)).isoformat(),
    }
