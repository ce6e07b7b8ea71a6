"""What is told of candidates besides the criteria: consents, open referrals, and what is open."""

from collections.abc import Sequence
from uuid import UUID

from services.partners import queries
from services.partners.models import Opportunity
from services.partners.queries import Candidate, Consent
from services.partners.schemas import CandidateView
from shared.access.web import Asker
from shared.streams.log import Tx


async def explained(
    tx: Tx, found: Sequence[Candidate], opportunity: Opportunity, asked: Asker
) -> list[CandidateView]:
    """Show candidates with the consent that a referral may rest on, and whether they have one."""
    same = await queries.one_with(tx, [each.enterprise.id for each in found])
    everyone = {key for keys in same.values() for key in keys}
    purpose = opportunity.purpose
    consents = await queries.consents_for(tx, opportunity.partner_id, purpose, everyone)
    fitting = [c for c in consents if set(opportunity.needed_fields) <= set(c.fields)]
    regions = await queries.regions_of(tx, {each.enterprise.unit_id for each in found})
    shown = []
    for candidate in found:
        enterprise = candidate.enterprise
        ids = same[enterprise.id]
        consent = _last(fitting, ids)
        referred = not ids.isdisjoint(opportunity.referred)
        free = opportunity.status == "published" and candidate.met["unit"]
        ready = ("send_referral",) if free and consent and not referred else ()
        where = {"unit": enterprise.unit_id, "region": regions.get(enterprise.unit_id)}
        facts = {"consent_id": consent and consent.id, "referred": referred}
        actions = asked.actions(ready, **where)
        shown.append(CandidateView.explained(candidate, opportunity, actions=actions, **facts))
    return shown


def _last(consents: Sequence[Consent], ids: set[UUID]) -> Consent | None:
    """Of the consents of these enterprises, the one that holds longest."""
    return next((each for each in reversed(consents) if each.enterprise_id in ids), None)
