"""Cases over HTTP, and what begins in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.mentoring import queries, use_cases
from services.mentoring.queries import CaseFilter
from services.mentoring.routes.answers import Answer
from services.mentoring.schemas import (
    CaseView,
    ClaimOutcome,
    CloseCase,
    HandOverCase,
    PlanCase,
    PlanSession,
    WholeCase,
    WholeOutcome,
    WholeSession,
)
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/cases", tags=["cases"], route_class=Operation)


@router.get("")
async def list_cases(
    wanted: Annotated[CaseFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[CaseView]:
    """Find cases; of an enterprise, those too of what is one with it. The oldest come first."""
    found, following = await queries.cases(tx, window, wanted)
    around = await queries.circumstances(tx, found)
    return Page(items=[CaseView.of(each, asked, around) for each in found], next=following)


@router.get("/{case_id}")
async def read_case(case_id: UUID, tx: Read, answer: Answer) -> WholeCase:
    """Read one case with its goals."""
    return await answer.case(tx, await queries.case(tx, case_id))


@router.post("/{case_id}/plan")
async def plan_case(
    case_id: UUID, command: PlanCase, seen: IfMatch, tx: Write, answer: Answer
) -> WholeCase:
    """Agree on the goals of a case, in place of those before."""
    return await answer.case(tx, await use_cases.plan_case(tx, case_id, seen, command))


@router.post("/{case_id}/hand-over")
async def hand_over_case(
    case_id: UUID, command: HandOverCase, seen: IfMatch, tx: Write, answer: Answer
) -> WholeCase:
    """Give a case to another consultant; sessions to come move along with their rooms."""
    return await answer.case(tx, await use_cases.hand_over_case(tx, case_id, seen, command))


@router.post("/{case_id}/close")
async def close_case(
    case_id: UUID, command: CloseCase, seen: IfMatch, tx: Write, answer: Answer
) -> WholeCase:
    """End a case with the result of each goal."""
    return await answer.case(tx, await use_cases.close_case(tx, case_id, seen, command))


@router.post("/{case_id}/sessions", status_code=201, tags=["sessions"])
async def plan_session(
    case_id: UUID, command: PlanSession, tx: Create, answer: Answer
) -> WholeSession:
    """Plan a meeting; for a room, `room` is `wanted` until facilities has given or refused one."""
    session = await use_cases.plan_session(tx, case_id, command)
    answer.made(f"sessions/{session.id}")
    return await answer.session(tx, session)


@router.post("/{case_id}/outcomes", status_code=201, tags=["outcomes"])
async def claim_outcome(
    case_id: UUID, command: ClaimOutcome, tx: Create, answer: Answer
) -> WholeOutcome:
    """Say what a case achieved; it counts when an owner has confirmed it."""
    outcome = await use_cases.claim_outcome(tx, case_id, command)
    answer.made(f"outcomes/{outcome.id}")
    return await answer.outcome(tx, outcome)
