"""Requests over HTTP, and who might take them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.mentoring import queries, use_cases
from services.mentoring.queries import RequestFilter
from services.mentoring.routes.answers import Answer, own
from services.mentoring.schemas import AssignRequest, OpenRequest, ProposalView, RequestView
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/requests", tags=["requests"], route_class=Operation)


@router.post("", status_code=201)
async def open_request(command: OpenRequest, tx: Create, answer: Answer) -> RequestView:
    """Ask for a consultant."""
    request = await use_cases.open_request(tx, command)
    answer.made(f"requests/{request.id}")
    return await answer.request(tx, request)


@router.get("")
async def list_requests(
    wanted: Annotated[RequestFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[RequestView]:
    """Find requests; of an enterprise, those too of what is one with it. The oldest come first."""
    found, following = await queries.requests(tx, window, wanted)
    mine = await own(tx, asked)
    return Page(items=[RequestView.of(each, asked, mine) for each in found], next=following)


@router.get("/{request_id}")
async def read_request(request_id: UUID, tx: Read, answer: Answer) -> RequestView:
    """Read one request."""
    return await answer.request(tx, await queries.request(tx, request_id))


@router.get("/{request_id}/proposals")
async def list_proposals(request_id: UUID, tx: Read, asked: AskedBy) -> list[ProposalView]:
    """The consultants of the province who take new cases, each with the reasons, best first."""
    request = await queries.request(tx, request_id)
    proposed = await use_cases.propose_consultants(tx, request)
    return [ProposalView.of(each, request, asked) for each in proposed]


@router.post("/{request_id}/assign")
async def assign_request(
    request_id: UUID, command: AssignRequest, seen: IfMatch, tx: Write, answer: Answer
) -> RequestView:
    """Ask a consultant, who has three working days to answer."""
    request = await use_cases.assign_request(tx, request_id, seen, command)
    return await answer.request(tx, request)


@router.post("/{request_id}/accept")
async def accept_request(request_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> RequestView:
    """Take it on; `case_id` is the case that is then open."""
    return await answer.request(tx, await use_cases.accept_request(tx, request_id, seen))


@router.post("/{request_id}/decline")
async def decline_request(
    request_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> RequestView:
    """Leave it to somebody else; it is open again."""
    return await answer.request(tx, await use_cases.decline_request(tx, request_id, seen))


@router.post("/{request_id}/withdraw")
async def withdraw_request(
    request_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> RequestView:
    """Want it no more."""
    return await answer.request(tx, await use_cases.withdraw_request(tx, request_id, seen))
