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


async def follow_enterprise(tx: Tx, event: Event[EnterpriseState]) -> None:
    """Enterprise closed, or parted from the one whose consent counts → referrals are revoked."""
    tx.actor = system("partners", "follow_enterprise")
    enterprise_id = UUID(event.key)
    if await _has_closed(tx, enterprise_id, event.data):
        await use_cases.end_with_enterprise(tx, enterprise_id)
    await use_cases.end_what_is_apart(tx, enterprise_id)


async def _has_closed(tx: Tx, enterprise_id: UUID, state: EnterpriseState | None) -> bool:
    """Whether it closed, or was merged into one that had."""
    if state is None:
        return True
    if state.status == "active" and state.merged_into is None:
        return False
    found = (await queries.enterprises(tx, [enterprise_id])).get(enterprise_id)
    return found is not None and found.status != "active"
