"""Facilities over HTTP, and their closures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.facilities import queries, use_cases
from services.facilities.queries import FacilityFilter
from services.facilities.routes.answers import Answer
from services.facilities.schemas import (
    AddClosure,
    ChangeFacility,
    ClosureView,
    FacilityView,
    RegisterFacility,
)
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/facilities", tags=["facilities"], route_class=Operation)


@router.post("", status_code=201)
async def register_facility(command: RegisterFacility, tx: Create, answer: Answer) -> FacilityView:
    """Let something of a unit be booked."""
    facility = await use_cases.register_facility(tx, command)
    answer.made(f"facilities/{facility.id}")
    return await answer.facility(tx, facility)


@router.get("")
async def list_facilities(
    wanted: Annotated[FacilityFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[FacilityView]:
    """Find facilities, by unit and code."""
    found, following = await queries.facilities(tx, window, wanted)
    leased = await queries.leased(tx, [each.id for each in found])
    return Page(items=[FacilityView.of(each, asked, leased) for each in found], next=following)


@router.get("/{facility_id}")
async def read_facility(facility_id: UUID, tx: Read, answer: Answer) -> FacilityView:
    """Read one facility."""
    return await answer.facility(tx, await queries.facility(tx, facility_id))


@router.patch("/{facility_id}")
async def change_facility(
    facility_id: UUID, command: ChangeFacility, seen: IfMatch, tx: Write, answer: Answer
) -> FacilityView:
    """Change a facility; what is booked or leased stays as it was agreed."""
    return await answer.facility(
        tx, await use_cases.change_facility(tx, facility_id, seen, command)
    )


@router.post("/{facility_id}/close")
async def close_facility(
    facility_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> FacilityView:
    """Close a facility until it is reopened; its bookings are displaced."""
    return await answer.facility(tx, await use_cases.close_facility(tx, facility_id, seen))


@router.post("/{facility_id}/reopen")
async def reopen_facility(
    facility_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> FacilityView:
    """Open a closed facility again."""
    return await answer.facility(tx, await use_cases.reopen_facility(tx, facility_id, seen))


@router.post("/{facility_id}/closures", status_code=201)
async def add_closure(
    facility_id: UUID, command: AddClosure, tx: Create, answer: Answer
) -> ClosureView:
    """Close a facility for a time; the bookings in it are displaced."""
    closure = await use_cases.add_closure(tx, facility_id, command)
    answer.made(f"facilities/{facility_id}/closures/{closure.id}")
    return ClosureView.of(closure)


@router.get("/{facility_id}/closures")
async def list_closures(facility_id: UUID, tx: Read, window: Paged) -> Page[ClosureView]:
    """Find the closures of a facility that are not over, the first first."""
    facility = await queries.facility(tx, facility_id)
    found, following = await queries.closures(tx, window, facility.id)
    return Page(items=[ClosureView.of(each) for each in found], next=following)


@router.get("/{facility_id}/closures/{closure_id}")
async def read_closure(facility_id: UUID, closure_id: UUID, tx: Read) -> ClosureView:
    """Read one closure."""
    facility = await queries.facility(tx, facility_id)
    return ClosureView.of(await queries.closure(tx, facility.id, closure_id))


@router.post("/{facility_id}/closures/{closure_id}/cancel", status_code=204)
async def cancel_closure(facility_id: UUID, closure_id: UUID, tx: Write) -> None:
    """Let a facility be used at that time again."""
    await use_cases.cancel_closure(tx, facility_id, closure_id)
