"""The places of opportunities: what is said when they are taken or become free."""

from collections.abc import Sequence

from services.partners.models import Opportunity
from services.partners.queries import Place
from shared.events.partners import OpportunityStatus, ReferralReason
from shared.streams.log import Tx


def announce(tx: Tx, opportunity: Opportunity, was: OpportunityStatus) -> None:
    """Say what became of an opportunity that had another status, or the same."""
    changes = {("published", "closed"): "closed", ("closed", "published"): "reopened"}
    tx.publish(opportunity, changes.get((was, opportunity.status), "changed"))


async def revoke(tx: Tx, places: Sequence[Place], reason: ReferralReason) -> None:
    """Take referrals back from their partners; their places become free."""
    for opportunity, referral in places:
        was = opportunity.status
        referral.revoke(reason)
        opportunity.free_place(referral.enterprise_id)
        tx.publish(referral, "revoked")
        announce(tx, opportunity, was)
    # One transaction may react to several events; each must find what the one before it did.
    await tx.flush()
