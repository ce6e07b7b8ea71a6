"""What can be done with opportunities."""

from uuid import UUID

from services.partners import queries
from services.partners.errors import NamedUnknown
from services.partners.ids import new_id
from services.partners.models import Agreement, Opportunity
from services.partners.schemas import ChangeOpportunity, PublishOpportunity
from services.partners.use_cases.places import announce
from services.partners.use_cases.reach import refuse_unless_all_covered
from shared.streams.log import Tx
from shared.web.etags import Versions


async def publish_opportunity(
    tx: Tx, command: PublishOpportunity, opportunity_id: UUID | None = None
) -> Opportunity:
    """Offer something under a living agreement of a verified partner.

    Raises NamedUnknown, Forbidden, PartnerSuspended, PartnerNotInState, AgreementNotLiving,
    OutsideAgreement.
    """
    if await tx.get(Agreement, command.agreement_id) is None:
        raise NamedUnknown("No agreement has this id.", pointer="/agreement_id")
    # Held, so that it does not end before this opportunity is among those that end with it.
    agreement = await queries.held_agreement(tx, command.agreement_id)
    await refuse_unless_all_covered(tx, agreement.unit_ids, agreement.partner_id)
    (await queries.any_partner(tx, agreement.partner_id)).refuse_unless_verified()
    opportunity = Opportunity.publish(
        opportunity_id or new_id(),
        agreement,
        await queries.today(tx),
        kind=command.kind,
        title=command.title,
        size_classes=list(command.size_classes),
        kbli_prefixes=list(command.kbli_prefixes),
        regions=list(command.regions),
        quota=command.quota,
        closes_on=command.closes_on,
    )
    tx.add(opportunity)
    tx.publish(opportunity, "published")
    return opportunity


async def change_opportunity(
    tx: Tx, opportunity_id: UUID, seen: Versions, command: ChangeOpportunity
) -> Opportunity:
    """Offer it to others, more or longer.

    Raises OpportunityNotFound, Forbidden, Stale, OpportunityClosed, NothingChanged,
    AgreementNotLiving, OutsideAgreement, QuotaTooSmall.
    """
    opportunity = await _seen(tx, opportunity_id, seen)
    agreement = await queries.any_agreement(tx, opportunity.agreement_id)
    was = opportunity.status
    opportunity.change(agreement, await queries.today(tx), command.changes)
    announce(tx, opportunity, was)
    return opportunity


async def close_opportunity(tx: Tx, opportunity_id: UUID, seen: Versions) -> Opportunity:
    """Withdraw it; referrals that were sent go on.

    Raises OpportunityNotFound, Forbidden, Stale, OpportunityClosed.
    """
    opportunity = await _seen(tx, opportunity_id, seen)
    opportunity.close("withdrawn")
    tx.publish(opportunity, "closed")
    return opportunity


async def _seen(tx: Tx, opportunity_id: UUID, seen: Versions) -> Opportunity:
    opportunity = await queries.any_opportunity(tx, opportunity_id)
    await refuse_unless_all_covered(tx, opportunity.unit_ids, opportunity.partner_id)
    seen.refuse_if_stale(opportunity.event_seq)
    return opportunity
