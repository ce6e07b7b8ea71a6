"""What mentoring begins or ends because something happened elsewhere, or because time went by."""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.models import UNDECIDED, Request, Session
from services.mentoring.schemas import OpenRequest
from services.mentoring.use_cases.requests import end_request, give_back, open_request
from shared.events.registry import VisitState
from shared.refusals import NotYetKnown
from shared.streams.log import Tx


async def follow_visit(tx: Tx, visit: VisitState) -> None:
    """Let a visit have the request that it now needs, whatever it was taken for before.

    What it does not need ends, unless it is a case; what people ended themselves stays so. Raises
    NotYetKnown for an enterprise or a unit that was not heard of.
    """
    wanted, answered = _wish(visit), False
    for request in await queries.requests_of_visit(tx, visit.id):
        if wanted and await _fits(tx, request, wanted):
            answered |= request.reason != "not_needed"
        elif request.status in UNDECIDED:
            await end_request(tx, request, "not_needed")
    # What ends makes room for what is opened, which the database would be told of before it.
    await tx.flush()
    if wanted and not answered and await _is_in_business(tx, wanted.enterprise_id):
        await open_request(tx, wanted, visit.id)
    # One transaction may react to several events; each must find what the one before it did.
    await tx.flush()


async def end_with_enterprise(tx: Tx, enterprise_id: UUID) -> None:
    """End the requests of an enterprise that ceased business, and cancel its sessions to come."""
    for request in await queries.undecided_of(tx, enterprise_id):
        await end_request(tx, request, "enterprise_closed")
    for session in await queries.pending_of_enterprise(tx, enterprise_id):
        session.cancel()
        tx.publish(session, "cancelled")
    await tx.flush()


async def pass_over(tx: Tx, request: Request) -> None:
    """Open a request again, which tx has locked, because its consultant did not answer."""
    await give_back(tx, request)


async def count_as_missed(tx: Tx, session: Session) -> None:
    """Note that a session, which tx has locked, was never told of."""
    session.miss(await tx.now())
    tx.publish(session, "missed")


def _wish(visit: VisitState) -> OpenRequest | None:
    if visit.need != "mentoring" or visit.enterprise_id is None or visit.field is None:
        return None
    return OpenRequest(enterprise_id=visit.enterprise_id, unit_id=visit.unit_id, field=visit.field)


async def _fits(tx: Tx, request: Request, wanted: OpenRequest) -> bool:
    same_field = request.field == wanted.field
    return same_field and await queries.is_one_with(tx, request.enterprise_id, wanted.enterprise_id)


async def _is_in_business(tx: Tx, enterprise_id: UUID) -> bool:
    status = await queries.status_of(tx, enterprise_id)
    if status is None:
        raise NotYetKnown("The enterprise of the visit has not been heard of.")
    return status == "active"
