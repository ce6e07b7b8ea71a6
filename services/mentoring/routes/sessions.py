"""Sessions over HTTP; they are planned in their cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.mentoring import queries, use_cases
from services.mentoring.queries import SessionFilter
from services.mentoring.routes.answers import Answer
from services.mentoring.schemas import HoldSession, PlanSession, SessionView, WholeSession
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, Write

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=Operation)


@router.get("")
async def list_sessions(
    wanted: Annotated[SessionFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[SessionView]:
    """Find sessions by their beginning; of an enterprise, those too of what is one with it."""
    found, following = await queries.sessions(tx, window, wanted)
    now = await tx.now()
    return Page(items=[SessionView.of(each, asked, now) for each in found], next=following)


@router.get("/{session_id}")
async def read_session(session_id: UUID, tx: Read, answer: Answer) -> WholeSession:
    """Read one session with its notes."""
    return await answer.session(tx, await queries.session(tx, session_id))


@router.post("/{session_id}/replan")
async def replan_session(
    session_id: UUID, command: PlanSession, seen: IfMatch, tx: Write, answer: Answer
) -> WholeSession:
    """Meet otherwise, or try for a room again."""
    return await answer.session(tx, await use_cases.replan_session(tx, session_id, seen, command))


@router.post("/{session_id}/hold")
async def hold_session(
    session_id: UUID, command: HoldSession, seen: IfMatch, tx: Write, answer: Answer
) -> WholeSession:
    """Tell how it went."""
    return await answer.session(tx, await use_cases.hold_session(tx, session_id, seen, command))


@router.post("/{session_id}/miss")
async def miss_session(session_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> WholeSession:
    """Note that it did not take place."""
    return await answer.session(tx, await use_cases.miss_session(tx, session_id, seen))


@router.post("/{session_id}/cancel")
async def cancel_session(
    session_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> WholeSession:
    """Give it up, and its room."""
    return await answer.session(tx, await use_cases.cancel_session(tx, session_id, seen))
