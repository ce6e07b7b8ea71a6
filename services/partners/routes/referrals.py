"""Referrals over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.partners import queries, use_cases
from services.partners.models import Referral
from services.partners.queries import ReferralFilter
from services.partners.routes.actions import Answer
from services.partners.schemas import (
    AcceptReferral,
    CompleteReferral,
    FailReferral,
    ReferralView,
    RejectReferral,
    SendReferral,
)
from shared.access.web import AskedBy, Asker
from shared.streams.log import Tx
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/referrals", tags=["referrals"], route_class=Operation)


@router.post("", status_code=201)
async def send_referral(command: SendReferral, tx: Create, answer: Answer) -> ReferralView:
    """Send an enterprise to an opportunity, resting on a consent of its owner."""
    referral = await use_cases.send_referral(tx, command)
    answer.made(f"referrals/{referral.id}")
    return await _shown(tx, referral, answer)


@router.get("")
async def list_referrals(
    wanted: Annotated[ReferralFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[ReferralView]:
    """Find referrals; of an enterprise, those too of what is one with it. The oldest come first."""
    found, following = await queries.referrals(tx, window, wanted)
    known = await queries.enterprises(tx, {each.enterprise_id for each in found})
    items = [
        ReferralView.of(each, known.get(each.enterprise_id), _open(each, asked)) for each in found
    ]
    return Page(items=items, next=following)


@router.get("/{referral_id}")
async def read_referral(referral_id: UUID, tx: Read, answer: Answer) -> ReferralView:
    """Read one referral."""
    return await _shown(tx, await queries.referral(tx, referral_id), answer)


@router.post("/{referral_id}/accept")
async def accept_referral(
    referral_id: UUID,
    command: AcceptReferral,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> ReferralView:
    """Take the enterprise on."""
    referral = await use_cases.accept_referral(tx, referral_id, seen, command)
    return await _shown(tx, referral, answer)


@router.post("/{referral_id}/reject")
async def reject_referral(
    referral_id: UUID,
    command: RejectReferral,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> ReferralView:
    """Turn the enterprise down."""
    referral = await use_cases.reject_referral(tx, referral_id, seen, command)
    return await _shown(tx, referral, answer)


@router.post("/{referral_id}/complete")
async def complete_referral(
    referral_id: UUID,
    command: CompleteReferral,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> ReferralView:
    """Note what an accepted referral led to."""
    referral = await use_cases.complete_referral(tx, referral_id, seen, command)
    return await _shown(tx, referral, answer)


@router.post("/{referral_id}/fail")
async def fail_referral(
    referral_id: UUID,
    command: FailReferral,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> ReferralView:
    """Note that nothing came of an accepted referral."""
    referral = await use_cases.fail_referral(tx, referral_id, seen, command)
    return await _shown(tx, referral, answer)


async def _shown(tx: Tx, referral: Referral, answer: Answer) -> ReferralView:
    answer.shows(referral)
    known = await queries.enterprises(tx, [referral.enterprise_id])
    enterprise = known.get(referral.enterprise_id)
    return ReferralView.of(referral, enterprise, _open(referral, answer.asked))


def _open(referral: Referral, asked: Asker) -> list[str]:
    where = {"unit": referral.unit_id, "region": referral.region_code}
    return asked.actions(referral.open_operations, partner=referral.partner_id, **where)
