"""Partners over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.partners import queries, use_cases
from services.partners.models import Partner
from services.partners.queries import PartnerFilter
from services.partners.routes.actions import Answer
from services.partners.schemas import Because, ChangePartner, PartnerView, RegisterPartner
from shared.access.web import AskedBy, Asker
from shared.web.etags import IfMatch
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write

router = APIRouter(prefix="/partners", tags=["partners"], route_class=Operation)


@router.post("", status_code=201)
async def register_partner(command: RegisterPartner, tx: Create, answer: Answer) -> PartnerView:
    """Register an organisation; somebody else must verify it before anything begins with it."""
    partner = await use_cases.register_partner(tx, command)
    answer.made(f"partners/{partner.id}")
    return _shown(partner, answer)


@router.get("")
async def list_partners(
    wanted: Annotated[PartnerFilter, Depends()], tx: Read, window: Paged, asked: AskedBy
) -> Page[PartnerView]:
    """Find partners by a part of the name, by kind or status; in the order of names."""
    found, following = await queries.partners(tx, window, wanted)
    return Page(items=[PartnerView.of(each, _open(each, asked)) for each in found], next=following)


@router.get("/{partner_id}")
async def read_partner(partner_id: UUID, tx: Read, answer: Answer) -> PartnerView:
    """Read one partner; its ETag is the version that a change must name."""
    return _shown(await queries.partner(tx, partner_id), answer)


@router.patch("/{partner_id}")
async def change_partner(
    partner_id: UUID,
    command: ChangePartner,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> PartnerView:
    """Change what a partner is; it must then be verified again."""
    partner = await use_cases.change_partner(tx, partner_id, seen, command)
    return _shown(partner, answer)


@router.post("/{partner_id}/verify")
async def verify_partner(partner_id: UUID, seen: IfMatch, tx: Write, answer: Answer) -> PartnerView:
    """Vouch for what another person entered."""
    return _shown(await use_cases.verify_partner(tx, partner_id, seen), answer)


@router.post("/{partner_id}/suspend")
async def suspend_partner(
    partner_id: UUID,
    command: Because,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> PartnerView:
    """Let nothing new begin with a partner."""
    partner = await use_cases.suspend_partner(tx, partner_id, seen, command)
    return _shown(partner, answer)


@router.post("/{partner_id}/restore")
async def restore_partner(
    partner_id: UUID, seen: IfMatch, tx: Write, answer: Answer
) -> PartnerView:
    """Lift the suspension of a partner."""
    return _shown(await use_cases.restore_partner(tx, partner_id, seen), answer)


def _shown(partner: Partner, answer: Answer) -> PartnerView:
    answer.shows(partner)
    return PartnerView.of(partner, _open(partner, answer.asked))


def _open(partner: Partner, asked: Asker) -> list[str]:
    operations = partner.open_operations(asked.actor.subject)
    return asked.actions(operations, unit=partner.unit_id, region=partner.region_code)
