"""Consents of owners."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.registry import queries, use_cases
from services.registry.models import Consent
from services.registry.queries import ConsentFilter
from services.registry.schemas import ConsentView, GrantConsent
from shared.access.web import AskedBy, Asker
from shared.streams.log import Tx
from shared.web.etags import IfMatch, tag
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(tags=["consents"], route_class=Operation)


@router.post("/enterprises/{enterprise_id}/consents", status_code=201)
async def grant_consent(
    enterprise_id: UUID, command: GrantConsent, tx: Create, asked: AskedBy, answer: Response
) -> ConsentView:
    """Record at the desk what an owner lets a partner see, for one purpose and a time."""
    consent = await use_cases.grant_consent(tx, enterprise_id, command)
    answer.headers["Location"] = f"/api/registry/v1/consents/{consent.id}"
    return await _shown(tx, consent, asked, answer)


@router.get("/consents")
async def list_consents(
    wanted: Annotated[ConsentFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[ConsentView]:
    """List consents by enterprise, recipient or status, the oldest first."""
    found, following = await queries.consents(tx, window, wanted)
    return Page(items=await _views(tx, found, asked), next=following)


@router.get("/consents/{consent_id}")
async def read_consent(consent_id: UUID, tx: Read, asked: AskedBy, answer: Response) -> ConsentView:
    """Read one consent; its ETag is the version that a change must name."""
    return await _shown(tx, await queries.consent(tx, consent_id), asked, answer)


@router.post("/consents/{consent_id}/withdraw")
async def withdraw_consent(
    consent_id: UUID, seen: IfMatch, tx: Write, asked: AskedBy, answer: Response
) -> ConsentView:
    """End a consent for good; open referrals that rest on it end too."""
    consent = await use_cases.withdraw_consent(tx, consent_id, seen)
    return await _shown(tx, consent, asked, answer)


async def _shown(tx: Tx, consent: Consent, asked: Asker, answer: Response) -> ConsentView:
    tag(answer, consent.event_seq)
    (view,) = await _views(tx, [consent], asked)
    return view


async def _views(tx: Tx, consents: Sequence[Consent], asked: Asker) -> list[ConsentView]:
    of = await queries.places_of(tx, {each.enterprise_id for each in consents})
    return [
        ConsentView.of(each, asked.actions(each.open_operations, **of[each.enterprise_id]))
        for each in consents
    ]
