"""Pairs that look alike, and enterprises that become one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registry import queries, use_cases
from services.registry.models import DuplicateStatus
from services.registry.routes.cards import Cards
from services.registry.schemas import (
    DuplicateView,
    EnterpriseView,
    MergeEnterprise,
    MergePreview,
)
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Read, Write

router = APIRouter(tags=["duplicates"], route_class=Operation)


@router.get("/duplicates")
async def list_duplicates(
    tx: Read, window: Paged, status: Annotated[DuplicateStatus, Query()] = "open"
) -> Page[DuplicateView]:
    """List the pairs that a person should look at, the oldest first."""
    found, following = await queries.duplicates(tx, window, status)
    return Page(items=[DuplicateView.model_validate(each) for each in found], next=following)


@router.get("/duplicates/{duplicate_id}")
async def read_duplicate(duplicate_id: UUID, tx: Read) -> DuplicateView:
    """Read one pair that was flagged."""
    return DuplicateView.model_validate(await queries.duplicate(tx, duplicate_id))


@router.post("/duplicates/{duplicate_id}/dismiss")
async def dismiss_duplicate(duplicate_id: UUID, tx: Write) -> DuplicateView:
    """Remember that the two are two."""
    return DuplicateView.model_validate(await use_cases.dismiss_duplicate(tx, duplicate_id))


@router.get("/enterprises/{enterprise_id}/merge-preview")
async def preview_merge(
    enterprise_id: UUID, into: Annotated[UUID, Query()], tx: Read, cards: Cards
) -> MergePreview:
    """Read what a merger would do; nothing is done."""
    found = await use_cases.preview_merge(tx, enterprise_id, into)
    merged, survivor = await cards.many(tx, [found.merged, found.survivor])
    return MergePreview(
        merged=merged,
        survivor=survivor,
        owners_added=found.owners_added,
        differences=found.differences,
    )


@router.post("/enterprises/{enterprise_id}/merge")
async def merge_enterprise(
    enterprise_id: UUID, command: MergeEnterprise, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """See an enterprise as one with another, which stays; both keep their ids."""
    merged = await use_cases.merge_enterprise(tx, enterprise_id, seen, command.into)
    return await cards.one(tx, merged)


@router.post("/enterprises/{enterprise_id}/unmerge")
async def unmerge_enterprise(
    enterprise_id: UUID, seen: IfMatch, tx: Write, cards: Cards
) -> EnterpriseView:
    """See a merged enterprise as one of its own again, as it was."""
    return await cards.one(tx, await use_cases.unmerge_enterprise(tx, enterprise_id, seen))
