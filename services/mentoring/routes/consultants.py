"""Consultants over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.mentoring import queries, use_cases
from services.mentoring.queries import ConsultantFilter
from services.mentoring.routes.answers import Answer
from services.mentoring.schemas import (
    ChangeConsultant,
    ConsultantView,
    LeaveConsultant,
    RegisterConsultant,
)
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/consultants", tags=["consultants"], route_class=Operation)


@router.post("", status_code=201)
async def register_consultant(
    command: RegisterConsultant, tx: Create, answer: Answer
) -> ConsultantView:
    """Let a person mentor for a unit."""
    consultant = await use_cases.register_consultant(tx, command)
    answer.made(f"consultants/{consultant.id}")
    return answer.consultant(consultant)


@router.get("")
async def list_consultants(
    wanted: Annotated[ConsultantFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[ConsultantView]:
    """Find consultants by unit, field or status; those known longest come first."""
    found, following = await queries.consultants(tx, window, wanted)
    return Page(items=[ConsultantView.of(each, asked) for each in found], next=following)


@router.get("/{consultant_id}")
async def read_consultant(consultant_id: UUID, tx: Read, answer: Answer) -> ConsultantView:
    """Read one consultant."""
    return answer.consultant(await queries.consultant(tx, consultant_id))


@router.patch("/{consultant_id}")
async def change_consultant(
    consultant_id: UUID, command: ChangeConsultant, seen: IfMatch, tx: Write, answer: Answer
) -> ConsultantView:
    """Change a consultant's fields or hours."""
    return answer.consultant(await use_cases.change_consultant(tx, consultant_id, seen, command))


@router.post("/{consultant_id}/pause")
async def pause_consultant(
    consultant_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> ConsultantView:
    """Take nothing new; what is in hand goes on."""
    return answer.consultant(await use_cases.pause_consultant(tx, consultant_id, seen))


@router.post("/{consultant_id}/resume")
async def resume_consultant(
    consultant_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> ConsultantView:
    """Take new things again."""
    return answer.consultant(await use_cases.resume_consultant(tx, consultant_id, seen))


@router.post("/{consultant_id}/leave")
async def leave_consultant(
    consultant_id: UUID, command: LeaveConsultant, seen: IfMatch, tx: Write, answer: Answer
) -> ConsultantView:
    """Let a consultant go; cases are handed over, and sessions move along with their rooms."""
    return answer.consultant(await use_cases.leave_consultant(tx, consultant_id, seen, command))
