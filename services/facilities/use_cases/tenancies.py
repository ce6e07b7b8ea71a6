"""What can be done with tenancies."""

from uuid import UUID

from services.facilities import queries
from services.facilities.errors import (
    EnterpriseClosed,
    FacilityUnknown,
    PlaceTaken,
    TooManyPlaces,
)
from services.facilities.ids import new_id
from services.facilities.models import Tenancy
from services.facilities.schemas import AgreeTenancy
from services.facilities.use_cases.places import give_back, take_place
from shared.events.facilities import TenancyReason
from shared.refusals import Forbidden
from shared.streams.log import Tx
from shared.web.etags import Versions


async def agree_tenancy(tx: Tx, command: AgreeTenancy) -> Tenancy:
    """Let an enterprise have a place of a facility, day and night, from one day to another.

    Raises NotYetKnown, EnterpriseClosed, FacilityUnknown, Forbidden, FacilityClosed,
    TooManyPlaces, DaysImpossible, PlaceTaken.
    """
    enterprise = await queries.held_enterprise(tx, command.enterprise_id)
    if enterprise.status == "closed":
        raise EnterpriseClosed("The enterprise is closed. Reopen it in the registry first.")
    facilities = await queries.locked(tx, [command.facility_id])
    if not facilities:
        raise FacilityUnknown("No facility has this id.", pointer="/facility_id")
    [facility] = facilities
    if not (tx.actor and tx.actor.covers(unit=facility.unit_id, region=facility.region_code)):
        raise Forbidden("You may not let places of this unit.")
    facility.refuse_if_closed()
    if command.place > facility.places:
        sentence = "It has {places} places, numbered from 1 on."
        raise TooManyPlaces(sentence, pointer="/place", places=facility.places)
    tenancy = Tenancy(
        id=new_id(),
        unit_id=facility.unit_id,
        region_code=facility.region_code,
        time_zone=facility.time_zone,
        **command.model_dump(),
    )
    tenancy.agree(await tx.now())
    if not await take_place(tx, tenancy):
        raise PlaceTaken("The place is booked or leased then. Choose another place or other days.")
    tx.add(tenancy)
    tx.publish(tenancy, "agreed")
    return tenancy


async def end_tenancy(tx: Tx, tenancy_id: UUID, seen: Versions) -> Tenancy:
    """End it today, or before it began. Raises TenancyNotFound, Stale, WrongStatus."""
    tenancy = await queries.tenancy(tx, tenancy_id, in_hand=True)
    seen.refuse_if_stale(tenancy.event_seq)
    await end(tx, tenancy, "terminated")
    return tenancy


async def end(tx: Tx, tenancy: Tenancy, reason: TenancyReason) -> None:
    """End a tenancy that the tx has in hand. Raises WrongStatus."""
    tenancy.end(await tx.now(), reason)
    await give_back(tx, tenancy.id)
    tx.publish(tenancy, "ended")


async def let_time_act_on_tenancy(tx: Tx, tenancy: Tenancy) -> None:
    """Start or end a tenancy that is due and that the tx has in hand."""
    tenancy.lapse(await tx.now())
    if tenancy.status == "ended":
        await give_back(tx, tenancy.id)
    tx.publish(tenancy, "started" if tenancy.status == "active" else "ended")
