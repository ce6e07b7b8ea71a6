"""How an enterprise is sent to a partner, and what the partner answers.

Locks are taken in one order everywhere: what was heard of others, the agreement, the opportunity,
the referral. So whatever ends a referral waits for those that are being sent, and finds them.
"""

from uuid import UUID

from services.partners import queries
from services.partners.copies import ConsentCopy, EnterpriseCopy
from services.partners.errors import EnterpriseClosed, NamedUnknown
from services.partners.ids import new_id
from services.partners.models import Opportunity, Referral, day_of
from services.partners.queries import Consent, Enterprise
from services.partners.schemas import (
    AcceptReferral,
    CompleteReferral,
    FailReferral,
    RejectReferral,
    SendReferral,
)
from services.partners.use_cases.consents import refuse_unless_consented
from services.partners.use_cases.places import announce
from services.partners.use_cases.reach import refuse_unless_covered, region_of
from shared.refusals import NotYetKnown
from shared.streams.log import Tx
from shared.streams.references import heard_of
from shared.web.etags import Versions


async def send_referral(tx: Tx, command: SendReferral) -> Referral:
    """Send an enterprise to an opportunity.

    Raises NamedUnknown, NotYetKnown, Forbidden; EnterpriseClosed; ConsentMissing,
    ConsentForOtherPurpose, ConsentTooNarrow; PartnerSuspended, PartnerNotInState;
    AgreementNotLiving, AgreementTooNarrow; OpportunityClosed, QuotaReached, AlreadyReferred.
    """
    offered = await tx.get(Opportunity, command.opportunity_id)
    if offered is None:
        raise NamedUnknown("No opportunity has this id.", pointer="/opportunity_id")
    enterprise = await _enterprise(tx, command)
    region_code = await region_of(tx, enterprise.unit_id, "/enterprise_id")
    refuse_unless_covered(tx, enterprise.unit_id, region_code)
    if enterprise.status == "closed":
        raise EnterpriseClosed("The enterprise is closed. Reopen it in the registry first.")
    consent = await _consent(tx, command.consent_id)
    opportunity = await _with_a_place(tx, command, offered, enterprise, consent)
    referral = Referral.send(
        new_id(),
        await tx.now(),
        consent_until=consent.until,
        unit_id=enterprise.unit_id,
        region_code=region_code,
        partner_id=opportunity.partner_id,
        agreement_id=opportunity.agreement_id,
        shared_fields=opportunity.needed_fields,
        **command.model_dump(),
    )
    tx.add(referral)
    tx.publish(referral, "sent")
    return referral


async def _enterprise(tx: Tx, command: SendReferral) -> Enterprise:
    found = await queries.held_enterprise(tx, command.enterprise_id, command.consent_id)
    if found is None:
        await heard_of(tx, EnterpriseCopy, command.enterprise_id, pointer="/enterprise_id")
        found = await queries.held_enterprise(tx, command.enterprise_id, command.consent_id)
    if found is None:
        raise NotYetKnown("The enterprise is being merged. Send the same again.")
    return found


async def _consent(tx: Tx, consent_id: UUID) -> Consent:
    found = await queries.held_consent(tx, consent_id)
    if found is None:
        await heard_of(tx, ConsentCopy, consent_id, pointer="/consent_id")
        found = await queries.held_consent(tx, consent_id)
    if found is None:
        raise NotYetKnown("The consent has just been taken away. Ask the owner again.")
    return found


async def _with_a_place(
    tx: Tx, command: SendReferral, offered: Opportunity, enterprise: Enterprise, consent: Consent
) -> Opportunity:
    """The opportunity, once the enterprise has a place of it."""
    partner = await queries.any_partner(tx, offered.partner_id)
    agreement = await queries.held_agreement(tx, offered.agreement_id)
    now = await tx.now()
    same = (await queries.one_with(tx, [enterprise.id]))[enterprise.id]
    opportunity = await queries.locked_opportunity(tx, offered.id)
    partner.refuse_unless_verified()
    agreement.refuse_unless_living(day_of(now))
    agreement.refuse_unless_covering(enterprise.unit_id, opportunity.kind)
    refuse_unless_consented(consent, opportunity, same, now)
    was = opportunity.status
    opportunity.take_place(command.enterprise_id, same, now)
    announce(tx, opportunity, was)
    return opportunity


async def accept_referral(
    tx: Tx, referral_id: UUID, seen: Versions, command: AcceptReferral
) -> Referral:
    """Take the enterprise on. Raises ReferralNotFound, Stale, ReferralNotInState, AnswerTooLate."""
    referral = await _seen(tx, referral_id, seen)
    referral.accept(command.note, await tx.now())
    tx.publish(referral, "accepted")
    return referral


async def reject_referral(
    tx: Tx, referral_id: UUID, seen: Versions, command: RejectReferral
) -> Referral:
    """Turn the enterprise down; its place becomes free.

    Raises ReferralNotFound, Stale, ReferralNotInState, AnswerTooLate.
    """
    referral = await _seen(tx, referral_id, seen)
    referral.reject(command.reason, command.note, await tx.now())
    tx.publish(referral, "rejected")
    await _free_place(tx, referral)
    return referral


async def complete_referral(
    tx: Tx, referral_id: UUID, seen: Versions, command: CompleteReferral
) -> Referral:
    """Note what it led to; its place stays taken.

    Raises ReferralNotFound, Stale, ReferralNotInState, AnswerTooLate, ResultIncomplete.
    """
    referral = await _seen(tx, referral_id, seen)
    referral.complete(command.result, await tx.now())
    tx.publish(referral, "completed")
    opportunity = await queries.locked_opportunity(tx, referral.opportunity_id)
    opportunity.let_go(referral.enterprise_id)
    return referral


async def fail_referral(
    tx: Tx, referral_id: UUID, seen: Versions, command: FailReferral
) -> Referral:
    """Note that nothing came of it; its place becomes free.

    Raises ReferralNotFound, Stale, ReferralNotInState, AnswerTooLate.
    """
    referral = await _seen(tx, referral_id, seen)
    referral.fail(command.reason, command.note, await tx.now())
    tx.publish(referral, "failed")
    await _free_place(tx, referral)
    return referral


async def _seen(tx: Tx, referral_id: UUID, seen: Versions) -> Referral:
    referral = await queries.referral(tx, referral_id)
    seen.refuse_if_stale(referral.event_seq)
    return referral


async def _free_place(tx: Tx, referral: Referral) -> None:
    opportunity = await queries.locked_opportunity(tx, referral.opportunity_id)
    was = opportunity.status
    opportunity.free_place(referral.enterprise_id)
    announce(tx, opportunity, was)
