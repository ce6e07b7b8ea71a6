"""How each operation of facilities is asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from services.facilities import use_cases
from services.facilities.ids import new_id
from services.facilities.models import Booking, Closure, Facility, Tenancy
from services.facilities.schemas import AddClosure, AgreeTenancy, RegisterFacility
from shared.access.actor import system
from tests.authorization import copies
from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World
from tests.support.builders import a_key

_SEEN: Final = {"If-Match": '"1"'}
_US: Final = system("test")
_HOURS: Final = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
_LATER: Final = timedelta(days=2)
_FREE_ALL: Final = "UPDATE booking SET status = 'cancelled' WHERE enterprise_id = $1"


def _a_facility(site: Site) -> dict[str, Any]:
    return {
        "unit_id": str(site.unit),
        "code": f"R-{uuid4().hex[:8].upper()}",
        "name": "Ruang Konsultasi",
        "kind": "consultation_room",
        "places": 1,
        "hours": _HOURS,
    }


def _times(begins_in: timedelta) -> dict[str, datetime]:
    start = datetime.now(UTC) + begins_in
    return {"starts_at": start, "ends_at": start + timedelta(hours=1)}


async def _facility(world: World, site: Site, **changes: str) -> Facility:
    command = RegisterFacility.model_validate(_a_facility(site) | changes)
    async with world.ecosystem.database("facilities").transaction(_US) as tx:
        return await use_cases.register_facility(tx, command)


async def _closure(world: World, site: Site) -> Closure:
    facility = await _facility(world, site)
    command = AddClosure(**_times(_LATER), reason="Perbaikan")
    async with world.ecosystem.database("facilities").transaction(_US) as tx:
        return await use_cases.add_closure(tx, facility.id, command)


async def _booking(
    world: World, site: Site, begins_in: timedelta = _LATER, *, confirmed: bool = True
) -> Booking:
    facility = await _facility(world, site)
    times = _times(begins_in)
    booking = Booking(
        id=new_id(),
        unit_id=site.unit,
        region_code=site.region,
        enterprise_id=site.enterprise,
        starts_at=times["starts_at"],
        ends_at=times["ends_at"],
        status="pending",
    )
    booking.hold({facility.id: [1]}, datetime.now(UTC) + _LATER, confirmed=confirmed)
    booking.due_at = None
    async with world.ecosystem.database("facilities").transaction(_US) as tx:
        tx.add(booking)
        tx.publish(booking, "requested")
    return booking


async def _tenancy(world: World, site: Site) -> Tenancy:
    body = await _a_tenancy(world, site)
    command = AgreeTenancy.model_validate(body)
    async with world.ecosystem.database("facilities").transaction(_US) as tx:
        return await use_cases.agree_tenancy(tx, command)


async def _a_tenancy(world: World, site: Site) -> dict[str, Any]:
    facility = await _facility(world, site)
    first = datetime.now(UTC).date() + _LATER
    return {
        "enterprise_id": str(site.enterprise),
        "facility_id": str(facility.id),
        "place": 1,
        "kind": "space",
        "starts_on": str(first),
        "ends_on": str(first),
    }


async def _register_facility(_: World, site: Site) -> Call:
    return Call("POST", "/facilities", _a_facility(site), a_key())


async def _list_facilities(world: World, site: Site) -> Call:
    # A kind that is made here alone, lest the list be longer than a page.
    stall = await _facility(world, site, kind="stall")
    return Call("GET", f"/facilities?unit_id={site.unit}&kind=stall&limit=200", shows=stall.id)


async def _read_facility(world: World, site: Site) -> Call:
    return Call("GET", f"/facilities/{(await _facility(world, site)).id}")


async def _change_facility(world: World, site: Site) -> Call:
    address = f"/facilities/{(await _facility(world, site)).id}"
    return Call("PATCH", address, {"places": 2}, _SEEN)


async def _close_facility(world: World, site: Site) -> Call:
    address = f"/facilities/{(await _facility(world, site)).id}"
    return Call("POST", f"{address}/close", headers=_SEEN)


async def _reopen_facility(world: World, site: Site) -> Call:
    facility = await _facility(world, site)
    close = "UPDATE facility SET status = 'closed' WHERE id = $1"
    await world.ecosystem.rows("facilities", close, facility.id)
    return Call("POST", f"/facilities/{facility.id}/reopen", headers=_SEEN)


async def _add_closure(world: World, site: Site) -> Call:
    address = f"/facilities/{(await _facility(world, site)).id}/closures"
    times = {name: time.isoformat() for name, time in _times(_LATER).items()}
    return Call("POST", address, times | {"reason": "Perbaikan"}, a_key())


async def _list_closures(world: World, site: Site) -> Call:
    closure = await _closure(world, site)
    return Call("GET", f"/facilities/{closure.facility_id}/closures", shows=closure.id)


async def _read_closure(world: World, site: Site) -> Call:
    closure = await _closure(world, site)
    return Call("GET", f"/facilities/{closure.facility_id}/closures/{closure.id}")


async def _cancel_closure(world: World, site: Site) -> Call:
    closure = await _closure(world, site)
    return Call("POST", f"/facilities/{closure.facility_id}/closures/{closure.id}/cancel")


async def _list_availability(world: World, site: Site) -> Call:
    facility = await _facility(world, site)
    start = datetime.now(UTC).date()
    times = f"from={start}T00:00:00Z&to={start + _LATER}T00:00:00Z"
    path = f"/availability?unit_id={site.unit}&facility_id={facility.id}&{times}"
    return Call("GET", path, shows=facility.id)


async def _request_booking(world: World, site: Site) -> Call:
    facility = await _facility(world, site)
    await world.ecosystem.rows("facilities", _FREE_ALL, site.enterprise)
    body = {
        "facilities": [{"facility_id": str(facility.id)}],
        "enterprise_id": str(site.enterprise),
        "purpose": "Latihan",
    }
    times = {name: time.isoformat() for name, time in _times(_LATER).items()}
    return Call("POST", "/bookings", body | times, a_key())


async def _list_bookings(world: World, site: Site) -> Call:
    booking = await _booking(world, site)
    [facility] = booking.facility_ids
    return Call("GET", f"/bookings?facility_id={facility}", shows=booking.id)


async def _read_booking(world: World, site: Site) -> Call:
    return Call("GET", f"/bookings/{(await _booking(world, site)).id}")


async def _move_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site)
    times = {name: time.isoformat() for name, time in _times(2 * _LATER).items()}
    return Call("POST", f"/bookings/{booking.id}/move", times, _SEEN)


async def _confirm_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site, confirmed=False)
    return Call("POST", f"/bookings/{booking.id}/confirm", headers=_SEEN)


async def _reject_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site, confirmed=False)
    return Call("POST", f"/bookings/{booking.id}/reject", headers=_SEEN)


async def _cancel_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site)
    return Call("POST", f"/bookings/{booking.id}/cancel", headers=_SEEN)


async def _check_in_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site, timedelta(minutes=10))
    return Call("POST", f"/bookings/{booking.id}/check-in", headers=_SEEN)


async def _complete_booking(world: World, site: Site) -> Call:
    booking = await _booking(world, site, timedelta(minutes=-10))
    return Call("POST", f"/bookings/{booking.id}/complete", headers=_SEEN)


async def _agree_tenancy(world: World, site: Site) -> Call:
    return Call("POST", "/tenancies", await _a_tenancy(world, site), a_key())


async def _list_tenancies(world: World, site: Site) -> Call:
    tenancy = await _tenancy(world, site)
    return Call("GET", f"/tenancies?facility_id={tenancy.facility_id}", shows=tenancy.id)


async def _read_tenancy(world: World, site: Site) -> Call:
    return Call("GET", f"/tenancies/{(await _tenancy(world, site)).id}")


async def _end_tenancy(world: World, site: Site) -> Call:
    tenancy = await _tenancy(world, site)
    return Call("POST", f"/tenancies/{tenancy.id}/end", headers=_SEEN)


RECIPES: Final[dict[str, Recipe]] = copies.RECIPES | {
    "register_facility": _register_facility,
    "list_facilities": _list_facilities,
    "read_facility": _read_facility,
    "change_facility": _change_facility,
    "close_facility": _close_facility,
    "reopen_facility": _reopen_facility,
    "add_closure": _add_closure,
    "list_closures": _list_closures,
    "read_closure": _read_closure,
    "cancel_closure": _cancel_closure,
    "list_availability": _list_availability,
    "request_booking": _request_booking,
    "list_bookings": _list_bookings,
    "read_booking": _read_booking,
    "move_booking": _move_booking,
    "confirm_booking": _confirm_booking,
    "reject_booking": _reject_booking,
    "cancel_booking": _cancel_booking,
    "check_in_booking": _check_in_booking,
    "complete_booking": _complete_booking,
    "agree_tenancy": _agree_tenancy,
    "list_tenancies": _list_tenancies,
    "read_tenancy": _read_tenancy,
    "end_tenancy": _end_tenancy,
}
