"""How things of partners end by themselves: by time, or because something elsewhere ended."""

from uuid import UUID

from services.partners import queries
from services.partners.models import Opportunity
from services.partners.queries import Consent, Place
from services.partners.use_cases.consents import still_consented
from services.partners.use_cases.places import announce, revoke
from shared.streams.log import Tx


async def pass_deadline(tx: Tx, opportunity: Opportunity) -> None:
    """Close an opportunity, which `tx` has locked, after its last day."""
    opportunity.close("deadline_passed")
    tx.publish(opportunity, "closed")


async def run_out(tx: Tx, place: Place) -> None:
    """Expire a referral that nobody answered in time, or revoke it when its consent ran out."""
    opportunity, referral = place
    if referral.consent_until <= await tx.now():
        await revoke(tx, [place], "consent_withdrawn")
        return
    was = opportunity.status
    referral.expire()
    opportunity.free_place(referral.enterprise_id)
    tx.publish(referral, "expired")
    announce(tx, opportunity, was)


async def follow_consent(tx: Tx, consent_id: UUID, consent: Consent | None) -> None:
    """Revoke the referrals that a consent, as it is now, carries no more; None is no consent."""
    places = await queries.open_under_consent(tx, consent_id)
    now = await tx.now()
    same = await queries.kindred(tx, consent.enterprise_id) if consent and places else set()
    lost = [place for place in places if not still_consented(consent, place.referral, same, now)]
    for _, referral in places:
        if consent:
            referral.rest_on_consent_until(consent.until)
    await revoke(tx, lost, "consent_withdrawn")


async def end_with_enterprise(tx: Tx, enterprise_id: UUID) -> None:
    """Revoke the open referrals of an enterprise that ceased business, under all of its ids."""
    same = await queries.kindred(tx, enterprise_id)
    await revoke(tx, await queries.open_of_enterprises(tx, same), "enterprise_closed")


async def end_what_is_apart(tx: Tx, enterprise_id: UUID) -> None:
    """Revoke what rests on the consent of an enterprise that is no longer the one referred."""
    await revoke(tx, await queries.open_apart(tx, enterprise_id), "consent_withdrawn")
