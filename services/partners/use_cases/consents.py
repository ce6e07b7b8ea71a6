"""What a referral needs of an owner's consent, before it is sent and for as long as it is open."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.partners.errors import ConsentForOtherPurpose, ConsentMissing, ConsentTooNarrow
from services.partners.models import Opportunity, Referral
from services.partners.queries import Consent


def refuse_unless_consented(
    consent: Consent, opportunity: Opportunity, enterprise_ids: Collection[UUID], now: datetime
) -> None:
    """Raise the refusal that says what is missing of a consent (UU 27/2022, articles 20 to 28).

    `enterprise_ids` are those that are one with the enterprise. Raises ConsentMissing,
    ConsentForOtherPurpose, ConsentTooNarrow.
    """
    if consent.enterprise_id not in enterprise_ids:
        raise ConsentMissing("Name a consent of this enterprise's owner.", pointer="/consent_id")
    if consent.recipient_id != opportunity.partner_id:
        raise ConsentMissing("Name a consent that is for this partner.", pointer="/consent_id")
    if consent.status != "granted":
        raise ConsentMissing("The owner withdrew it; ask for a new consent.", pointer="/consent_id")
    if consent.until <= now:
        raise ConsentMissing("The consent has run out; ask the owner again.", pointer="/consent_id")
    if consent.purpose != opportunity.purpose:
        raise ConsentForOtherPurpose(
            "The owner must consent to the purpose {purpose}.",
            pointer="/consent_id",
            purpose=opportunity.purpose,
        )
    if lacking := [field for field in opportunity.needed_fields if field not in consent.fields]:
        raise ConsentTooNarrow(
            "The owner must also consent to these fields: {fields}.",
            pointer="/consent_id",
            fields=", ".join(lacking),
        )


def still_consented(
    consent: Consent | None, referral: Referral, enterprise_ids: Collection[UUID], now: datetime
) -> bool:
    """Whether a consent, as it is now, still lets the partner see what an open referral shows.

    `enterprise_ids` are those that are one with the consent's enterprise.
    """
    return (
        consent is not None
        and referral.enterprise_id in enterprise_ids
        and consent.status == "granted"
        and consent.until > now
        and consent.recipient_id == referral.partner_id
        and set(referral.shared_fields) <= set(consent.fields)
    )
