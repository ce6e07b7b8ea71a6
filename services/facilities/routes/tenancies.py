"""Tenancies over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.facilities import queries, use_cases
from services.facilities.queries import TenancyFilter
from services.facilities.routes.answers import Answer, own
from services.facilities.schemas import AgreeTenancy, TenancyView
from shared.access.web import AskedBy
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/tenancies", tags=["tenancies"], route_class=Operation)


@router.post("", status_code=201)
async def agree_tenancy(command: AgreeTenancy, tx: Create, answer: Answer) -> TenancyView:
    """Let an enterprise have a place from one day to another."""
    tenancy = await use_cases.agree_tenancy(tx, command)
    answer.made(f"tenancies/{tenancy.id}")
    return await answer.tenancy(tx, tenancy)


@router.get("")
async def list_tenancies(
    wanted: Annotated[TenancyFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[TenancyView]:
    """Find tenancies as they were agreed; of an enterprise, those too of what is one with it."""
    found, following = await queries.tenancies(tx, window, wanted)
    mine = await own(tx, asked)
    return Page(items=[TenancyView.of(each, asked, mine) for each in found], next=following)


@router.get("/{tenancy_id}")
async def read_tenancy(tenancy_id: UUID, tx: Read, answer: Answer) -> TenancyView:
    """Read one tenancy."""
    return await answer.tenancy(tx, await queries.tenancy(tx, tenancy_id))


@router.post("/{tenancy_id}/end")
async def end_tenancy(tenancy_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> TenancyView:
    """End a tenancy today; its place is free from now on."""
    return await answer.tenancy(tx, await use_cases.end_tenancy(tx, tenancy_id, seen))
