"""How an enterprise asks for a consultant, and who answers."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.copies import EnterpriseCopy, UnitCopy
from services.mentoring.errors import EnterpriseClosed
from services.mentoring.ids import new_id
from services.mentoring.models import (
    WORKING_DAYS_TO_ANSWER,
    Case,
    Need,
    Proposal,
    Request,
    end_of_working_days,
    proposals,
)
from services.mentoring.schemas import AssignRequest, OpenRequest
from services.mentoring.use_cases.capacity import named_consultant, take_hours
from services.mentoring.use_cases.reach import refuse_unless_covered
from shared.events.mentoring import RequestReason
from shared.streams.log import Tx
from shared.streams.references import heard_of
from shared.web.etags import Versions


async def open_request(tx: Tx, command: OpenRequest, visit_id: UUID | None = None) -> Request:
    """Ask for a consultant at a unit, the enterprise's own if none is named.

    Raises NotYetKnown, NotOfTheUnit, EnterpriseClosed.
    """
    await heard_of(tx, EnterpriseCopy, command.enterprise_id, pointer="/enterprise_id")
    enterprise = await queries.held_enterprise(tx, command.enterprise_id)
    unit_id = command.unit_id or enterprise.unit_id
    unit = await heard_of(tx, UnitCopy, unit_id, pointer="/unit_id")
    refuse_unless_covered(
        tx,
        unit_id,
        unit["region_code"],
        enterprise_id=command.enterprise_id,
        owner_ids=enterprise.owner_ids,
    )
    if enterprise.status == "closed":
        raise EnterpriseClosed("The enterprise is closed. Reopen it in the registry first.")
    request = Request(
        id=new_id(),
        unit_id=unit_id,
        region_code=unit["region_code"],
        enterprise_id=command.enterprise_id,
        field=command.field,
        weekly_hours=command.weekly_hours,
        visit_id=visit_id,
    )
    tx.add(request)
    tx.publish(request, "opened")
    return request


async def propose_consultants(tx: Tx, request: Request) -> list[Proposal]:
    """Who of the province might take a request, the best first."""
    active = await queries.active_in_province(tx, request.region_code)
    return proposals(Need.of(request), active)


async def assign_request(
    tx: Tx, request_id: UUID, seen: Versions, command: AssignRequest
) -> Request:
    """Ask a consultant, who has three working days of the unit to answer.

    Raises RequestNotFound, Stale, ConsultantUnknown, RequestNotInState, ConsultantNotInState,
    CapacityExceeded.
    """
    request = await queries.request(tx, request_id)
    seen.refuse_if_stale(request.event_seq)
    consultant = await named_consultant(tx, request.region_code, command.consultant_id)
    unit = await heard_of(tx, UnitCopy, request.unit_id)
    now = await tx.now()
    due_at = end_of_working_days(now, WORKING_DAYS_TO_ANSWER, unit["time_zone"])
    request.assign(consultant, due_at)
    await take_hours(tx, consultant, request.weekly_hours)
    tx.publish(request, "assigned")
    return request


async def accept_request(tx: Tx, request_id: UUID, seen: Versions) -> Request:
    """Take it on as a case, in which the hours stay taken.

    Raises RequestNotFound, Stale, RequestNotInState.
    """
    request = await queries.consultants_request(tx, request_id)
    seen.refuse_if_stale(request.event_seq)
    case_id, consultant_id = new_id(), request.consultant_id
    request.accept(case_id)
    assert consultant_id is not None
    # Held, so that who leaves now finds the case, or we find that they have left.
    [consultant] = (await queries.held_consultants(tx, [consultant_id])).values()
    case = Case.open(case_id, request, consultant)
    tx.add(case)
    tx.publish(request, "accepted")
    tx.publish(case, "opened")
    return request


async def decline_request(tx: Tx, request_id: UUID, seen: Versions) -> Request:
    """Leave it to somebody else. Raises RequestNotFound, Stale, RequestNotInState."""
    request = await queries.consultants_request(tx, request_id)
    seen.refuse_if_stale(request.event_seq)
    await give_back(tx, request)
    return request


async def withdraw_request(tx: Tx, request_id: UUID, seen: Versions) -> Request:
    """Want it no more. Raises RequestNotFound, Stale, RequestNotInState."""
    request = await queries.owners_request(tx, request_id)
    seen.refuse_if_stale(request.event_seq)
    await end_request(tx, request, "withdrawn")
    return request


async def give_back(tx: Tx, request: Request) -> None:
    """Open a request again that a consultant will not take. Raises RequestNotInState."""
    consultant_id = request.consultant_id
    request.reopen()
    if consultant_id:
        await queries.free_hours(tx, consultant_id, request.weekly_hours)
    tx.publish(request, "declined")


async def end_request(tx: Tx, request: Request, reason: RequestReason) -> None:
    """Let a request come to nothing. Raises RequestNotInState when it is a case, or ended."""
    consultant_id = request.consultant_id
    request.end(reason)
    if consultant_id:
        await queries.free_hours(tx, consultant_id, request.weekly_hours)
    tx.publish(request, "ended")
