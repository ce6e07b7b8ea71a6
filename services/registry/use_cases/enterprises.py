"""What can be done with enterprises and cooperatives."""

from dataclasses import dataclass
from uuid import UUID

from services.registry import queries
from services.registry.errors import OwnerUnknown
from services.registry.ids import new_id
from services.registry.models import Enterprise
from services.registry.schemas import ChangeEnterprise, RegisterEnterprise
from services.registry.use_cases.reach import (
    kept_enterprise,
    known_unit,
    refuse_unless_within_reach,
)
from shared.streams.log import Tx
from shared.vault.vault import homes
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
    """Register an enterprise with its unit. Raises UnitUnknown, Forbidden, OwnerUnknown.

    What looks like one that is known is flagged for people, unless it came in a file.
    """
    await refuse_unless_within_reach(tx, command.unit_id)
    owner_ids = await _known_owners(tx, command)
    source = origin or Origin(new_id())
    enterprise = Enterprise.register(
        source.enterprise_id,
        import_id=source.import_id,
        import_line=source.import_line,
        reference=source.reference,
        owner_ids=owner_ids,
        **command.model_dump(exclude={"owner_ids"}),
    )
    tx.add(enterprise)
    tx.publish(enterprise, "registered")
    if origin is None:
        await queries.flag_duplicates(tx, enterprise)
    return enterprise


async def change_enterprise(
    tx: Tx, enterprise_id: UUID, seen: Versions, command: ChangeEnterprise
) -> Enterprise:
    """Rename or reclassify. Raises EnterpriseNotFound, Stale, EnterpriseClosed, NothingChanged."""
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    if command.trade_name is not None:
        enterprise.rename(command.trade_name)
        tx.publish(enterprise, "renamed")
    if command.size_class is not None:
        enterprise.reclassify(command.size_class)
        tx.publish(enterprise, "reclassified")
    return enterprise


async def transfer_enterprise(
    tx: Tx, enterprise_id: UUID, seen: Versions, unit_id: UUID
) -> Enterprise:
    """Hand it over to another unit; whoever keeps its register today may.

    Raises EnterpriseNotFound, Forbidden, Stale, EnterpriseClosed, UnitUnknown, NothingChanged.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.transfer((await known_unit(tx, unit_id)).id)
    tx.publish(enterprise, "transferred")
    return enterprise


async def close_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Note that it ceased business. Raises EnterpriseNotFound, Stale, EnterpriseClosed."""
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.close()
    tx.publish(enterprise, "closed")
    return enterprise


async def reopen_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """Note that it took up business again. Raises EnterpriseNotFound, Stale, EnterpriseActive."""
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    enterprise.reopen()
    tx.publish(enterprise, "reopened")
    return enterprise


async def _known_owners(tx: Tx, command: RegisterEnterprise) -> list[UUID]:
    """The owners, each once, none of whom is erased before `tx` ends. Raises OwnerUnknown."""
    known = await homes(tx, command.owner_ids) if command.owner_ids else {}
    for number, owner_id in enumerate(command.owner_ids):
        if owner_id not in known or known[owner_id].unit_id != command.unit_id:
            pointer = f"/owner_ids/{number}"
            raise OwnerUnknown("The unit knows nobody with this id.", pointer=pointer)
    return list(dict.fromkeys(command.owner_ids))


async def seen_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """An enterprise whose register the actor keeps, in a version that was seen.

    Raises EnterpriseNotFound, Forbidden, Stale.
    """
    enterprise = await kept_enterprise(tx, enterprise_id)
    seen.refuse_if_stale(enterprise.event_seq)
    return enterprise
