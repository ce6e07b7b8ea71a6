"""How an enterprise is verified by a second person."""

from uuid import UUID

from services.registry.models import Enterprise
from services.registry.schemas import ReturnEnterprise
from services.registry.use_cases.enterprises import seen_enterprise
from services.registry.use_cases.reach import subject_of
from shared.streams.log import Tx
from shared.web.etags import Versions


async def submit_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Hand it to a second person.

    Raises EnterpriseNotFound, Forbidden, Stale, EnterpriseClosed, SubmittedAlready.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.submit(subject_of(tx))
    tx.publish(enterprise, "submitted")
    return enterprise


async def verify_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Vouch for what another person handed in.

    Raises EnterpriseNotFound, Forbidden, Stale, EnterpriseClosed, NotSubmitted,
    SecondPersonNeeded.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.verify(subject_of(tx))
    tx.publish(enterprise, "verified")
    return enterprise


async def return_enterprise(
    tx: Tx, enterprise_id: UUID, seen: Versions, command: ReturnEnterprise
) -> Enterprise:
    """Give it back to be corrected.

    Raises EnterpriseNotFound, Forbidden, Stale, EnterpriseClosed, NotSubmitted.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.send_back(command.because)
    tx.publish(enterprise, "returned")
    return enterprise
