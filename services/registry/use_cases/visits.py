"""What can be done with visits."""

from uuid import UUID

from services.registry import queries
from services.registry.ids import new_id
from services.registry.models import Visit
from services.registry.schemas import ChangeVisit, CheckInVisit
from services.registry.use_cases.reach import refuse_unless_within_reach
from shared.streams.log import Tx
from shared.web.etags import Versions


async def check_in_visit(tx: Tx, command: CheckInVisit) -> Visit:
    """Note who came now. Raises UnitUnknown, Forbidden, EnterpriseNotFound, EnterpriseClosed."""
    unit = await refuse_unless_within_reach(tx, command.unit_id)
    await _refuse_unless_in_business(tx, command.enterprise_id)
    visit = Visit(
        id=new_id(),
        region_code=unit.region_code,
        arrived_at=await tx.now(),
        **command.model_dump(),
    )
    tx.add(visit)
    tx.publish(visit, "checked_in")
    return visit


async def change_visit(tx: Tx, visit_id: UUID, seen: Versions, command: ChangeVisit) -> Visit:
    """Correct it, or say whose it was.

    Raises VisitNotFound, Stale, EnterpriseNotFound, EnterpriseClosed, NothingChanged.
    """
    visit = await queries.visit(tx, visit_id)
    seen.refuse_if_stale(visit.event_seq)
    await _refuse_unless_in_business(tx, command.enterprise_id)
    need, field = (command.need, command.field) if command.need else (visit.need, visit.field)
    visit.change(need, field, command.enterprise_id or visit.enterprise_id)
    tx.publish(visit, "changed")
    return visit


async def _refuse_unless_in_business(tx: Tx, enterprise_id: UUID | None) -> None:
    """An enterprise may come to any unit. Raises EnterpriseNotFound, EnterpriseClosed."""
    if enterprise_id is not None:
        (await queries.card(tx, enterprise_id)).refuse_unless_active()
