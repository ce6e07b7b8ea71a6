"""What partners does when the registry speaks."""

from uuid import UUID

from services.partners import queries, use_cases
from services.partners.queries import Consent
from shared.access.actor import system
from shared.events.registry import ConsentState, EnterpriseState
from shared.streams.codec import Event
from shared.streams.log import Tx


async def follow_consent(tx: Tx, event: Event[ConsentState]) -> None:
    """Consent withdrawn, narrowed or run out → the open referrals that rest on it are revoked."""
    tx.actor = system("partners", "follow_consent")
    state = event.data
    consent = Consent(*(getattr(state, name) for name in Consent._fields)) if state else None
    await use_cases.follow_consent(tx, UUID(event.key), consent)


async def end_with_enterprise(tx: Tx, event: Event[EnterpriseState]) -> None:
    """Enterprise closed, or merged into a closed one → its open referrals are revoked."""
    enterprise_id, state = UUID(event.key), event.data
    if state is not None:
        if state.status == "active" and state.merged_into is None:
            return
        found = (await queries.enterprises(tx, [enterprise_id])).get(enterprise_id)
        if found is None or found.status == "active":
            return
    tx.actor = system("partners", "end_with_enterprise")
    await use_cases.end_with_enterprise(tx, enterprise_id)
