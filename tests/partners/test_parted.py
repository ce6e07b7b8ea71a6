"""A referral rests on the consent of the enterprise referred, also after mergers are undone."""

from services.partners.models import Opportunity, Referral
from tests.partners.town import Town


async def _merged(town: Town, opportunity: Opportunity) -> Referral:
    """A referral of what an enterprise was merged into, on the consent that it had given."""
    successor, consenting = await town.enterprise(), await town.enterprise()
    consent = await town.consent(consenting, opportunity.partner_id)
    await town.hears_again(consenting, status="merged", merged_into=successor)
    return await town.sends(opportunity.id, successor, consent)


async def _becomes_of(town: Town, referral: Referral) -> tuple[str, str | None]:
    found = await town.now(referral)
    return found.status, found.reason


async def test_what_rests_on_the_consent_of_one_that_was_parted_is_revoked(
    town: Town, opportunity: Opportunity
) -> None:
    referral, kept = await _merged(town, opportunity), await town.referral(opportunity)
    consenting = town.changed(referral.consent_id).model_dump()["enterprise_id"]

    await town.hears_again(consenting, status="active", merged_into=None)

    assert await _becomes_of(town, referral) == ("revoked", "consent_withdrawn")
    assert await _becomes_of(town, kept) == ("sent", None)
    assert (await town.now(opportunity)).taken == 1


async def test_what_is_parted_further_up_is_parted_too(
    town: Town, opportunity: Opportunity
) -> None:
    top, between, consenting = [await town.enterprise() for _ in range(3)]
    consent = await town.consent(consenting, opportunity.partner_id)
    await town.hears_again(consenting, status="merged", merged_into=between)
    await town.hears_again(between, status="merged", merged_into=top)
    referral = await town.sends(opportunity.id, top, consent)

    await town.hears_again(between, status="active", merged_into=None)

    assert await _becomes_of(town, referral) == ("revoked", "consent_withdrawn")


async def test_a_successor_that_was_not_heard_of_yet_parts_nobody(
    town: Town, opportunity: Opportunity
) -> None:
    referral = await _merged(town, opportunity)
    unheard = referral.id

    await town.hears_again(referral.enterprise_id, status="merged", merged_into=unheard)
    await town.hears_again(referral.consent_id)

    assert await _becomes_of(town, referral) == ("sent", None)
