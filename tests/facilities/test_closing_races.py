"""An enterprise that closes while somebody books or leases for it keeps nothing of it."""

import asyncio
from functools import partial
from uuid import UUID

import pytest

from services.facilities import use_cases
from services.facilities.errors import EnterpriseClosed
from services.facilities.schemas import RequestBooking
from shared.access.actor import system
from tests.facilities.bodies import a_request
from tests.facilities.centre import Centre
from tests.support.eventually import eventually
from tests.support.lock_waits import waiting


async def _held(centre: Centre) -> int:
    return len(await centre.ecosystem.rows("facilities", "SELECT FROM occupied_place"))


async def test_what_closes_while_it_is_booked_for_waits_and_gives_the_booking_up(
    centre: Centre,
) -> None:
    room, mine = await centre.facility(), await centre.enterprise()
    merged = await centre.enterprise(status="merged", merged_into=mine)
    command = RequestBooking.model_validate(a_request(room, enterprise_id=str(merged)))

    app = centre.ecosystem.database("facilities")
    async with asyncio.TaskGroup() as group, app.transaction(system("test")) as tx:
        booking = await use_cases.request_booking(tx, command)
        await tx.flush()
        group.create_task(centre.hears_again(mine, status="closed"))
        await eventually(partial(waiting, centre.ecosystem, "facilities"))

    assert (await centre.booking(booking.id)).reason == "enterprise_closed"
    assert await _held(centre) == 0


@pytest.mark.parametrize("leased", [False, True])
async def test_who_books_or_leases_while_it_closes_waits_and_is_refused(
    centre: Centre, *, leased: bool
) -> None:
    facility, mine = await centre.facility(kind="display"), await centre.enterprise()

    async def taking() -> UUID:
        if leased:
            return (await centre.leases(facility, mine)).id
        return (await centre.books(facility, enterprise_id=str(mine))).id

    async with centre.hearing(centre.changed(mine, status="closed")):
        taken = asyncio.create_task(taking())
        await eventually(partial(waiting, centre.ecosystem, "facilities"))

    with pytest.raises(EnterpriseClosed):
        await taken
    assert await _held(centre) == 0
