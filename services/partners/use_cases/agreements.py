"""What can be done with agreements and what was promised in them."""

from uuid import UUID

from services.partners import queries
from services.partners.errors import AgreementFull, NamedUnknown
from services.partners.ids import new_id
from services.partners.models import Agreement, Obligation, Partner
from services.partners.schemas import AddObligation, Because, DraftAgreement
from services.partners.use_cases.places import revoke
from services.partners.use_cases.reach import refuse_unless_all_covered, region_of
from shared.streams.log import Tx
from shared.web.etags import Versions

MOST_OBLIGATIONS = 100
"""Of one agreement, which is read with all of them."""


async def draft_agreement(
    tx: Tx, command: DraftAgreement, agreement_id: UUID | None = None
) -> Agreement:
    """Draft what a partner agreed to. Raises NamedUnknown, NotYetKnown, Forbidden."""
    if await tx.get(Partner, command.partner_id) is None:
        raise NamedUnknown("No partner has this id.", pointer="/partner_id")
    for number, unit_id in enumerate(command.unit_ids):
        await region_of(tx, unit_id, f"/unit_ids/{number}")
    await refuse_unless_all_covered(tx, command.unit_ids)
    agreement = Agreement(
        id=agreement_id or new_id(),
        partner_id=command.partner_id,
        title=command.title,
        scopes=list(command.scopes),
        unit_ids=list(command.unit_ids),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    tx.add(agreement)
    tx.publish(agreement, "drafted")
    return agreement


async def activate_agreement(tx: Tx, agreement_id: UUID, seen: Versions) -> Agreement:
    """Put a draft in force.

    Raises AgreementNotFound, Forbidden, Stale, AgreementNotInState, PartnerSuspended,
    PartnerNotInState, AgreementNotLiving.
    """
    agreement = await _seen(tx, agreement_id, seen)
    partner = await queries.any_partner(tx, agreement.partner_id)
    agreement.activate(partner, await queries.today(tx))
    tx.publish(agreement, "activated")
    return agreement


async def suspend_agreement(
    tx: Tx, agreement_id: UUID, seen: Versions, command: Because
) -> Agreement:
    """Let nothing new begin under it.

    Raises AgreementNotFound, Forbidden, Stale, AgreementNotInState.
    """
    agreement = await _seen(tx, agreement_id, seen)
    agreement.suspend(command.because)
    tx.publish(agreement, "suspended")
    return agreement


async def resume_agreement(tx: Tx, agreement_id: UUID, seen: Versions) -> Agreement:
    """Lift a suspension.

    Raises AgreementNotFound, Forbidden, Stale, AgreementNotInState, AgreementNotLiving.
    """
    agreement = await _seen(tx, agreement_id, seen)
    agreement.resume(await queries.today(tx))
    tx.publish(agreement, "resumed")
    return agreement


async def end_agreement(tx: Tx, agreement_id: UUID, seen: Versions) -> Agreement:
    """End it before its time. Raises AgreementNotFound, Forbidden, Stale, AgreementNotInState."""
    await _seen(tx, agreement_id, seen)
    agreement = await queries.locked_agreement(tx, agreement_id)
    seen.refuse_if_stale(agreement.event_seq)
    await finish_agreement(tx, agreement)
    return agreement


async def finish_agreement(tx: Tx, agreement: Agreement) -> None:
    """End an agreement that `tx` has locked, and with it what only it carries.

    Its opportunities close, and referrals that nobody answered are revoked; those that were
    accepted are brought to their end. Raises AgreementNotInState.
    """
    agreement.end()
    tx.publish(agreement, "ended")
    offered = await queries.locked_opportunities_under(tx, agreement.id)
    await revoke(tx, await queries.unanswered_under(tx, agreement.id), "agreement_ended")
    for opportunity in offered:
        if not opportunity.closed_for_good:
            opportunity.close("agreement_ended")
            tx.publish(opportunity, "closed")


async def add_obligation(
    tx: Tx, agreement_id: UUID, seen: Versions, command: AddObligation
) -> Agreement:
    """Add what a party promised.

    Raises AgreementNotFound, Forbidden, Stale, AgreementNotInState, AgreementFull.
    """
    agreement = await _seen(tx, agreement_id, seen)
    if agreement.obligations >= MOST_OBLIGATIONS:
        raise AgreementFull("An agreement has at most {most} obligations.", most=MOST_OBLIGATIONS)
    agreement.promise()
    tx.add(Obligation(id=new_id(), agreement_id=agreement.id, **command.model_dump()))
    tx.publish(agreement, "obligation_added")
    return agreement


async def fulfil_obligation(
    tx: Tx, agreement_id: UUID, obligation_id: UUID, seen: Versions
) -> Agreement:
    """Note that a promise was kept.

    Raises AgreementNotFound, Forbidden, Stale, ObligationNotFound, ObligationFulfilled,
    AgreementNotInState.
    """
    agreement = await _seen(tx, agreement_id, seen)
    obligation = await queries.obligation(tx, agreement_id, obligation_id)
    obligation.fulfil(await queries.today(tx))
    agreement.keep_promise()
    tx.publish(agreement, "obligation_fulfilled")
    return agreement


async def _seen(tx: Tx, agreement_id: UUID, seen: Versions) -> Agreement:
    agreement = await queries.any_agreement(tx, agreement_id)
    await refuse_unless_all_covered(tx, agreement.unit_ids)
    seen.refuse_if_stale(agreement.event_seq)
    return agreement
