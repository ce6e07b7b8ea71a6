"""How a consultant's hours are taken: whatever takes them goes through here.

Locks are taken in one order everywhere: the consultants, then the case, then its sessions.
"""

from uuid import UUID

from services.mentoring import queries
from services.mentoring.errors import CapacityExceeded, ConsultantUnknown
from services.mentoring.models import Consultant
from shared.streams.log import Tx


async def named_consultant(
    tx: Tx, region_code: str, consultant_id: UUID, pointer: str = "/consultant_id"
) -> Consultant:
    """The consultant that somebody names for what belongs to a region. Raises ConsultantUnknown."""
    found = await queries.one_in_province(tx, region_code, consultant_id)
    if found is None:
        raise ConsultantUnknown("No consultant of the province has this id.", pointer=pointer)
    return found


async def take_hours(tx: Tx, consultant: Consultant, hours: int) -> None:
    """Take hours a week of a consultant. Raises ConsultantNotInState, CapacityExceeded."""
    consultant.refuse_unless_active()
    if not await queries.take_hours(tx, consultant.id, hours):
        raise CapacityExceeded(
            "The consultant has fewer than {hours} hours a week left. Choose another.", hours=hours
        )
