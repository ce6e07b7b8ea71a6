"""What owners allow, as the desk records it, and what they take back."""

from datetime import UTC
from uuid import UUID

from services.registry import queries
from services.registry.errors import ConsentOver
from services.registry.ids import new_id
from services.registry.models import Consent
from services.registry.schemas import GrantConsent
from services.registry.use_cases.reach import kept_enterprise, subject_of
from shared.streams.log import Tx
from shared.web.etags import Versions


async def grant_consent(tx: Tx, enterprise_id: UUID, command: GrantConsent) -> Consent:
    """Record a consent. Raises EnterpriseNotFound, Forbidden, EnterpriseClosed, ConsentOver."""
    enterprise = await kept_enterprise(tx, enterprise_id)
    enterprise.refuse_unless_active()
    if command.until <= await tx.now():
        raise ConsentOver("Name an instant to come, until which it holds.", pointer="/until")
    consent = Consent(
        id=new_id(),
        enterprise_id=enterprise.id,
        unit_id=enterprise.unit_id,
        fields=list(dict.fromkeys(command.fields)),
        until=command.until.astimezone(UTC),
        recorded_by=subject_of(tx),
        **command.model_dump(exclude={"fields", "until"}),
    )
    tx.add(consent)
    tx.publish(consent, "granted")
    return consent


async def withdraw_consent(tx: Tx, consent_id: UUID, seen: Versions) -> Consent:
    """End it for good. Raises ConsentNotFound, Stale, ConsentWithdrawn."""
    consent = await queries.consent(tx, consent_id)
    seen.refuse_if_stale(consent.event_seq)
    consent.withdraw()
    tx.publish(consent, "withdrawn")
    return consent
