"""Outcomes over HTTP; they are claimed in their cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.mentoring import queries, use_cases
from services.mentoring.queries import OutcomeFilter
from services.mentoring.routes.answers import Answer, own
from services.mentoring.schemas import DisputeOutcome, OutcomeView, WholeOutcome
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, Write

router = APIRouter(prefix="/outcomes", tags=["outcomes"], route_class=Operation)


@router.get("")
async def list_outcomes(
    wanted: Annotated[OutcomeFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[OutcomeView]:
    """Find outcomes; of an enterprise, those too of what is one with it. The oldest come first."""
    found, following = await queries.outcomes(tx, window, wanted)
    mine = await own(tx, asked)
    return Page(items=[OutcomeView.of(each, asked, mine) for each in found], next=following)


@router.get("/{outcome_id}")
async def read_outcome(outcome_id: UUID, tx: Read, answer: Answer) -> WholeOutcome:
    """Read one outcome with what the owner says of it."""
    return await answer.outcome(tx, await queries.outcome(tx, outcome_id))


@router.post("/{outcome_id}/confirm")
async def confirm_outcome(
    outcome_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> WholeOutcome:
    """Agree, as an owner of the enterprise."""
    return await answer.outcome(tx, await use_cases.confirm_outcome(tx, outcome_id, seen))


@router.post("/{outcome_id}/dispute")
async def dispute_outcome(
    outcome_id: UUID, command: DisputeOutcome, seen: IfMatch, tx: Write, answer: Answer
) -> WholeOutcome:
    """Disagree, as an owner of the enterprise, and say why."""
    outcome = await use_cases.dispute_outcome(tx, outcome_id, seen, command)
    return await answer.outcome(tx, outcome)
