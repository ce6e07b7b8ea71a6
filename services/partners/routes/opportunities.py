"""Opportunities over HTTP, and who might be sent to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.partners import queries, use_cases
from services.partners.models import Opportunity
from services.partners.queries import OpportunityFilter
from services.partners.routes.actions import Answer, open_to, regions_of
from services.partners.routes.candidates import explained
from services.partners.schemas import (
    CandidateView,
    ChangeOpportunity,
    OpportunityView,
    PublishOpportunity,
)
from shared.access.web import AskedBy
from shared.streams.log import Tx
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/opportunities", tags=["opportunities"], route_class=Operation)


@router.post("", status_code=201)
async def publish_opportunity(
    command: PublishOpportunity, tx: Create, answer: Answer
) -> OpportunityView:
    """Offer something under a living agreement."""
    opportunity = await use_cases.publish_opportunity(tx, command)
    answer.made(f"opportunities/{opportunity.id}")
    return await _shown(tx, opportunity, answer)


@router.get("")
async def list_opportunities(
    wanted: Annotated[OpportunityFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[OpportunityView]:
    """Find opportunities by partner, agreement, kind or status; first those that close first."""
    found, following = await queries.opportunities(tx, window, wanted)
    regions = await regions_of(tx, found)
    items = [OpportunityView.of(each, open_to(asked, each, regions)) for each in found]
    return Page(items=items, next=following)


@router.get("/{opportunity_id}")
async def read_opportunity(opportunity_id: UUID, tx: Read, answer: Answer) -> OpportunityView:
    """Read one opportunity."""
    return await _shown(tx, await queries.opportunity(tx, opportunity_id), answer)


@router.patch("/{opportunity_id}")
async def change_opportunity(
    opportunity_id: UUID,
    command: ChangeOpportunity,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> OpportunityView:
    """Offer it to others, more or longer."""
    opportunity = await use_cases.change_opportunity(tx, opportunity_id, seen, command)
    return await _shown(tx, opportunity, answer)


@router.post("/{opportunity_id}/close")
async def close_opportunity(
    opportunity_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> OpportunityView:
    """Withdraw an opportunity; referrals that were sent go on."""
    opportunity = await use_cases.close_opportunity(tx, opportunity_id, seen)
    return await _shown(tx, opportunity, answer)


@router.get("/{opportunity_id}/candidates")
async def list_candidates(
    opportunity_id: UUID, tx: Read, window: Paged, asked: AskedBy, unit_id: UUID | None = None
) -> Page[CandidateView]:
    """The enterprises within reach with every criterion and whether it is met; the best first."""
    opportunity = await queries.any_opportunity(tx, opportunity_id)
    found, following = await queries.candidates(tx, window, opportunity, unit_id)
    return Page(items=await explained(tx, found, opportunity, asked), next=following)


async def _shown(tx: Tx, opportunity: Opportunity, answer: Answer) -> OpportunityView:
    answer.shows(opportunity)
    actions = open_to(answer.asked, opportunity, await regions_of(tx, [opportunity]))
    return OpportunityView.of(opportunity, actions)
