"""Time acts by the database's clock: no answer rejects, nobody came, the end completes."""

from functools import partial
from uuid import UUID

from tests.facilities.bodies import a_request
from tests.facilities.centre import Centre
from tests.support.ecosystem import running
from tests.support.eventually import eventually


async def test_what_nobody_answers_in_time_is_rejected_and_free(centre: Centre) -> None:
    hall = await centre.facility(kind="hall", approval="officer")
    pending = await centre.books(hall)

    assert await centre.time_passes("booking", pending.id)

    booking = await centre.booking(pending.id)
    assert (booking.status, booking.reason) == ("rejected", "expired")
    assert (await centre.ask("POST", "/bookings", json=a_request(hall))).status_code == 201


async def test_who_does_not_come_loses_the_place(centre: Centre) -> None:
    room = await centre.facility()
    booking = await centre.books(room)

    assert await centre.time_passes("booking", booking.id)

    assert (await centre.booking(booking.id)).status == "no_show"
    assert await centre.verbs(booking.id) == ["confirmed", "no_show"]
    assert await centre.places_of(booking.id) == 0


async def test_nothing_is_done_before_its_time(centre: Centre) -> None:
    booking = await centre.books(await centre.facility())
    await centre.ecosystem.rows("facilities", "UPDATE booking SET due_at = now() + interval '9 s'")

    assert not await centre.does_what_is_due()

    assert (await centre.booking(booking.id)).status == "confirmed"


async def test_one_that_fails_holds_nobody_else_up(centre: Centre) -> None:
    room = await centre.facility()
    broken, good = await centre.books(room), await centre.books(await centre.facility())
    spoil = "UPDATE booking SET status = 'displaced', due_at = now() - interval '9 d' WHERE id = $1"
    await centre.ecosystem.rows("facilities", spoil, broken.id)

    await centre.ecosystem.create_topics()

    async with running(centre.ecosystem.worker("facilities")):
        late = "UPDATE booking SET due_at = now() - interval '1 s' WHERE id = $1"
        await centre.ecosystem.rows("facilities", late, good.id)
        await eventually(partial(_missed, centre, good.id))


async def test_the_worker_does_all_that_is_due(centre: Centre) -> None:
    desks = await centre.facility(places=30)
    bookings = [await centre.books(desks) for _ in range(30)]
    await centre.ecosystem.rows("facilities", "UPDATE booking SET due_at = now()")

    await centre.ecosystem.create_topics()

    async with running(centre.ecosystem.worker("facilities")):
        for booking in bookings:
            await eventually(partial(_missed, centre, booking.id))

    assert await centre.ecosystem.rows("facilities", "SELECT FROM occupied_place") == []


async def _missed(centre: Centre, booking_id: UUID) -> bool:
    return (await centre.booking(booking_id)).status == "no_show"
