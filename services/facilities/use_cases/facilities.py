"""What can be done with facilities and their closures."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.facilities import queries
from services.facilities.copies import UnitCopy
from services.facilities.errors import CodeTaken, PlacesInUse, TimeImpossible
from services.facilities.ids import new_id
from services.facilities.models import Closure, Facility
from services.facilities.models.booking_times import FURTHEST
from services.facilities.models.intervals import Interval
from services.facilities.schemas import AddClosure, ChangeFacility, RegisterFacility
from services.facilities.use_cases.places import give_back
from shared.refusals import Forbidden
from shared.streams.log import Tx
from shared.streams.references import heard_of
from shared.web.etags import Versions


async def register_facility(tx: Tx, command: RegisterFacility) -> Facility:
    """Let something of a unit be booked. Raises NotYetKnown, Forbidden, CodeTaken."""
    unit = await heard_of(tx, UnitCopy, command.unit_id, pointer="/unit_id")
    return await open_facility(tx, new_id(), command, unit)


async def open_facility(
    tx: Tx, facility_id: UUID, command: RegisterFacility, unit: Mapping[str, Any]
) -> Facility:
    """The same at a unit whose `region_code` and `time_zone` are known.

    Raises Forbidden, CodeTaken.
    """
    if not (tx.actor and tx.actor.covers(unit=command.unit_id, region=unit["region_code"])):
        raise Forbidden("You may not open facilities of this unit.")
    if await queries.code_is_taken(tx, command.unit_id, command.code):
        raise CodeTaken("The unit has a facility with this code. Choose another.")
    place = {name: unit[name] for name in ("region_code", "time_zone")}
    facility = Facility(id=facility_id, **command.kept(), **place)
    tx.add(facility)
    tx.publish(facility, "registered")
    return facility


async def change_facility(
    tx: Tx, facility_id: UUID, seen: Versions, command: ChangeFacility
) -> Facility:
    """Change what is named; what is booked or leased stays as it was agreed.

    Raises FacilityNotFound, Stale, FacilityClosed, NothingChanged, PlacesInUse.
    """
    facility = await queries.facility(tx, facility_id, alone=True)
    seen.refuse_if_stale(facility.event_seq)
    places = command.places
    if places and places < await queries.highest_place_in_use(tx, facility.id):
        raise PlacesInUse("A place with a higher number is booked or leased. Free it first.")
    facility.change(command.kept())
    tx.publish(facility, "changed")
    return facility


async def close_facility(tx: Tx, facility_id: UUID, seen: Versions) -> Facility:
    """Close it until it is reopened; bookings that are not over are displaced.

    Raises FacilityNotFound, Stale, FacilityClosed, PlacesInUse.
    """
    facility = await queries.facility(tx, facility_id, alone=True)
    seen.refuse_if_stale(facility.event_seq)
    if await queries.leased(tx, [facility.id]):
        raise PlacesInUse("A place of it is leased. End its tenancies first.")
    facility.close()
    tx.publish(facility, "closed")
    now = await tx.now()
    await _displace(tx, facility, Interval(now, now + 2 * FURTHEST))
    return facility


async def reopen_facility(tx: Tx, facility_id: UUID, seen: Versions) -> Facility:
    """Open it again. Raises FacilityNotFound, Stale, FacilityOpen."""
    facility = await queries.facility(tx, facility_id, alone=True)
    seen.refuse_if_stale(facility.event_seq)
    facility.reopen()
    tx.publish(facility, "reopened")
    return facility


async def add_closure(tx: Tx, facility_id: UUID, command: AddClosure) -> Closure:
    """Close it for a time; bookings in that time are displaced.

    Raises FacilityNotFound, FacilityClosed, TimeImpossible.
    """
    facility = await queries.facility(tx, facility_id, alone=True)
    facility.refuse_if_closed()
    closed = command.interval
    if closed.end <= await tx.now():
        raise TimeImpossible("It must end in the future.", pointer="/ends_at")
    closure = Closure(
        id=new_id(),
        facility_id=facility.id,
        starts_at=closed.start,
        ends_at=closed.end,
        reason=command.reason,
    )
    tx.add(closure)
    tx.publish(facility, "changed")
    await _displace(tx, facility, closed)
    return closure


async def cancel_closure(tx: Tx, facility_id: UUID, closure_id: UUID) -> None:
    """Let it be used again at that time; who was displaced books anew.

    Raises FacilityNotFound, ClosureNotFound.
    """
    facility = await queries.facility(tx, facility_id, alone=True)
    await tx.delete(await queries.closure(tx, facility.id, closure_id))
    tx.publish(facility, "changed")


async def _displace(tx: Tx, facility: Facility, closed: Interval) -> None:
    now = await tx.now()
    for booking in await queries.in_the_way(tx, facility.id, closed):
        booking.displace(now)
        await give_back(tx, booking.id)
        tx.publish(booking, "displaced")
