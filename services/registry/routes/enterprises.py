"""Enterprises and cooperatives."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.registry import queries, use_cases
from services.registry.queries import EnterpriseFilter
from services.registry.routes.cards import Cards
from services.registry.schemas import (
    ChangeEnterprise,
    DayText,
    EnterpriseView,
    RegisterEnterprise,
    ReturnEnterprise,
    TransferEnterprise,
)
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/enterprises", tags=["enterprises"], route_class=Operation)


@router.post("", status_code=201)
async def register_enterprise(
    command: RegisterEnterprise, tx: Create, cards: Cards, answer: Response
) -> EnterpriseView:
    """Register an enterprise or a cooperative with a unit."""
    enterprise = await use_cases.register_enterprise(tx, command)
    answer.headers["Location"] = f"/api/registry/v1/enterprises/{enterprise.id}"
    return await cards.one(tx, enterprise)


@router.get("")
async def list_enterprises(
    wanted: Annotated[EnterpriseFilter, Depends()], tx: Read, window: Paged, cards: Cards
) -> Page[EnterpriseView]:
    """Find enterprises by a part of the name, in a region or at a unit; in the order of names."""
    found, following = await queries.enterprises(tx, window, wanted)
    return Page(items=await cards.many(tx, found), next=following)


@router.get("/{enterprise_id}")
async def read_enterprise(
    enterprise_id: UUID,
    tx: Read,
    cards: Cards,
    as_of: Annotated[DayText | None, Query(description="What it was when this day ended.")] = None,
) -> EnterpriseView:
    """Read one enterprise; its ETag is the version that a change must name, and a past has none."""
    enterprise = await queries.enterprise(tx, enterprise_id)
    if as_of is None:
        return await cards.one(tx, enterprise)
    day = date.fromisoformat(as_of)
    state = await queries.state_as_of(tx, enterprise, day)
    held = await queries.tenancies(tx, [enterprise.id], day)
    return EnterpriseView.of(state, held.get(enterprise.id, ()))


@router.patch("/{enterprise_id}")
async def change_enterprise(
    enterprise_id: UUID, command: ChangeEnterprise, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Correct its name, village, activity, size class or owners, or note what they became."""
    enterprise = await use_cases.change_enterprise(tx, enterprise_id, seen, command)
    return await cards.one(tx, enterprise)


@router.post("/{enterprise_id}/submit")
async def submit_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Hand what was entered to a second person."""
    return await cards.one(tx, await use_cases.submit_enterprise(tx, enterprise_id, seen))


@router.post("/{enterprise_id}/verify")
async def verify_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Vouch for what another person handed in."""
    return await cards.one(tx, await use_cases.verify_enterprise(tx, enterprise_id, seen))


@router.post("/{enterprise_id}/return")
async def return_enterprise(
    enterprise_id: UUID, command: ReturnEnterprise, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Give back what was handed in, with what is to be corrected."""
    enterprise = await use_cases.return_enterprise(tx, enterprise_id, seen, command)
    return await cards.one(tx, enterprise)


@router.post("/{enterprise_id}/transfer")
async def transfer_enterprise(
    enterprise_id: UUID, command: TransferEnterprise, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Hand an enterprise over to the unit that serves it from now on."""
    enterprise = await use_cases.transfer_enterprise(tx, enterprise_id, seen, command.unit_id)
    return await cards.one(tx, enterprise)


@router.post("/{enterprise_id}/close")
async def close_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Note that the enterprise ceased business."""
    return await cards.one(tx, await use_cases.close_enterprise(tx, enterprise_id, seen))


@router.post("/{enterprise_id}/reopen")
async def reopen_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """Note that the enterprise took up business again."""
    return await cards.one(tx, await use_cases.reopen_enterprise(tx, enterprise_id, seen))
