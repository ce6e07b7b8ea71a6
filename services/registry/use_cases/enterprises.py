"""What can be done with enterprises and cooperatives."""

from dataclasses import dataclass
from uuid import UUID

from services.registry import queries
from services.registry.errors import UnitUnknown
from services.registry.ids import new_id
from services.registry.models import Enterprise, Unit
from services.registry.registrars import REGISTRARS
from services.registry.schemas import ChangeEnterprise, RegisterEnterprise
from shared.refusals import Forbidden
from shared.streams.log import Tx
from shared.web.etags import Versions


@dataclass(frozen=True, slots=True)
class Origin:
    """The line of a file that an enterprise was read from, and the id that follows from it."""

    enterprise_id: UUID
    import_id: UUID | None = None
    import_line: int | None = None
    reference: str | None = None


async def register_enterprise(
    tx: Tx, command: RegisterEnterprise, origin: Origin | None = None
) -> Enterprise:
    """Register an enterprise with its unit. Raises UnitUnknown, Forbidden."""
    await _refuse_unless_registrar(tx, command.unit_id)
    origin = origin or Origin(new_id())
    enterprise = Enterprise.register(
        origin.enterprise_id,
        import_id=origin.import_id,
        import_line=origin.import_line,
        reference=origin.reference,
        **command.model_dump(),
    )
    tx.add(enterprise)
    tx.publish(enterprise, "registered")
    return enterprise


async def change_enterprise(
    tx: Tx, enterprise_id: UUID, seen: Versions, command: ChangeEnterprise
) -> Enterprise:
    """Rename or reclassify. Raises EnterpriseNotFound, Stale, EnterpriseClosed, NothingChanged."""
    enterprise = await _seen(tx, enterprise_id, seen)
    if command.trade_name is not None:
        enterprise.rename(command.trade_name)
        tx.publish(enterprise, "renamed")
    if command.size_class is not None:
        enterprise.reclassify(command.size_class)
        tx.publish(enterprise, "reclassified")
    return enterprise


async def close_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Note that it ceased business. Raises EnterpriseNotFound, Stale, EnterpriseClosed."""
    enterprise = await _seen(tx, enterprise_id, seen)
    enterprise.close()
    tx.publish(enterprise, "closed")
    return enterprise


async def reopen_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Note that it took up business again. Raises EnterpriseNotFound, Stale, EnterpriseActive."""
    enterprise = await _seen(tx, enterprise_id, seen)
    enterprise.reopen()
    tx.publish(enterprise, "reopened")
    return enterprise


async def _seen(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    enterprise = await queries.enterprise(tx, enterprise_id)
    await _refuse_unless_registrar(tx, enterprise.unit_id)
    seen.refuse_if_stale(enterprise.event_seq)
    return enterprise


async def _refuse_unless_registrar(tx: Tx, unit_id: UUID) -> None:
    unit = await tx.get(Unit, unit_id)
    if unit is None:
        raise UnitUnknown("No unit has this id.", pointer="/unit_id")
    if not (tx.actor and tx.actor.holds(*REGISTRARS, unit=unit.id, region=unit.region_code)):
        raise Forbidden("You may not change the register of this unit.")
