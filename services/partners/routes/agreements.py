"""Agreements over HTTP, and what was promised in them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.partners import queries, use_cases
from services.partners.models import Agreement
from services.partners.queries import AgreementFilter
from services.partners.routes.actions import Answer, open_to, regions_of
from services.partners.schemas import (
    AddObligation,
    AgreementView,
    Because,
    DraftAgreement,
    WholeAgreement,
)
from shared.access.web import AskedBy
from shared.streams.log import Tx
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/agreements", tags=["agreements"], route_class=Operation)


@router.post("", status_code=201)
async def draft_agreement(command: DraftAgreement, tx: Create, answer: Answer) -> WholeAgreement:
    """Draft what a partner agreed to."""
    agreement = await use_cases.draft_agreement(tx, command)
    answer.made(f"agreements/{agreement.id}")
    return await _shown(tx, agreement, answer)


@router.get("")
async def list_agreements(
    wanted: Annotated[AgreementFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[AgreementView]:
    """Find agreements of a partner, those that cover a unit, or by status; the oldest first."""
    found, following = await queries.agreements(tx, window, wanted)
    regions = await regions_of(tx, found)
    items = [AgreementView.of(each, open_to(asked, each, regions)) for each in found]
    return Page(items=items, next=following)


@router.get("/{agreement_id}")
async def read_agreement(agreement_id: UUID, tx: Read, answer: Answer) -> WholeAgreement:
    """Read one agreement with all that was promised in it."""
    return await _shown(tx, await queries.agreement(tx, agreement_id), answer)


@router.post("/{agreement_id}/activate")
async def activate_agreement(
    agreement_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> WholeAgreement:
    """Put a draft in force."""
    agreement = await use_cases.activate_agreement(tx, agreement_id, seen)
    return await _shown(tx, agreement, answer)


@router.post("/{agreement_id}/suspend")
async def suspend_agreement(
    agreement_id: UUID,
    command: Because,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> WholeAgreement:
    """Let nothing new begin under an agreement."""
    agreement = await use_cases.suspend_agreement(tx, agreement_id, seen, command)
    return await _shown(tx, agreement, answer)


@router.post("/{agreement_id}/resume")
async def resume_agreement(
    agreement_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> WholeAgreement:
    """Lift the suspension of an agreement."""
    agreement = await use_cases.resume_agreement(tx, agreement_id, seen)
    return await _shown(tx, agreement, answer)


@router.post("/{agreement_id}/end")
async def end_agreement(
    agreement_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> WholeAgreement:
    """End an agreement before its time; its opportunities close, unanswered referrals go back."""
    agreement = await use_cases.end_agreement(tx, agreement_id, seen)
    return await _shown(tx, agreement, answer)


@router.post("/{agreement_id}/obligations", status_code=201)
async def add_obligation(
    agreement_id: UUID,
    command: AddObligation,
    seen: IfMatch,
    tx: Create,
    answer: Answer,
) -> WholeAgreement:
    """Add what a party promised to do by a day."""
    agreement = await use_cases.add_obligation(tx, agreement_id, seen, command)
    answer.made(f"agreements/{agreement.id}")
    return await _shown(tx, agreement, answer)


@router.post("/{agreement_id}/obligations/{obligation_id}/fulfil")
async def fulfil_obligation(
    agreement_id: UUID,
    obligation_id: UUID,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> WholeAgreement:
    """Note that a promise was kept."""
    agreement = await use_cases.fulfil_obligation(tx, agreement_id, obligation_id, seen)
    return await _shown(tx, agreement, answer)


async def _shown(tx: Tx, agreement: Agreement, answer: Answer) -> WholeAgreement:
    answer.shows(agreement)
    await tx.flush()
    promises = await queries.obligations(tx, agreement.id)
    actions = open_to(answer.asked, agreement, await regions_of(tx, [agreement]))
    return WholeAgreement.of(agreement, actions).with_promises(promises)
