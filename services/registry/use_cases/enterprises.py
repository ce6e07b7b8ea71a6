"""What can be done with enterprises and cooperatives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.registry import queries
from services.registry.errors import OwnerUnknown
from services.registry.ids import new_id
from services.registry.models import Enterprise
from services.registry.schemas import ChangeEnterprise, RegisterEnterprise
from services.registry.use_cases.homes import leave_home
from services.registry.use_cases.reach import (
    kept_enterprise,
    known_unit,
    refuse_unless_within_reach,
)
from shared.streams.log import Tx
from shared.vault.vault import homes
from shared.web.etags import Versions

_CHANGES: Final[dict[str, tuple[Callable[[Enterprise, Any], None], str]]] = {
    "trade_name": (Enterprise.rename, "renamed"),
    "village_code": (Enterprise.relocate, "relocated"),
    "kbli": (Enterprise.change_activity, "activity_changed"),
    "size_class": (Enterprise.reclassify, "reclassified"),
    "owner_ids": (Enterprise.change_owners, "owners_changed"),
}
"""What changes each thing that a desk may correct, and what is said of it then."""
_COMPARED: Final = {"trade_name", "village_code", "owner_ids"}
"""Those by which enterprises look alike."""


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
    await _refuse_unknown_owners(tx, command.owner_ids, command.unit_id)
    source = origin or Origin(new_id())
    enterprise = Enterprise.register(
        source.enterprise_id,
        import_id=source.import_id,
        import_line=source.import_line,
        reference=source.reference,
        owner_ids=list(dict.fromkeys(command.owner_ids)),
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
    """Correct what was registered, or note what it became.

    What it looks like under its new name, in its new village or with its new owners is flagged for
    people. Raises EnterpriseNotFound, Stale, EnterpriseClosed, NothingChanged, OwnerUnknown.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    wanted = command.model_dump(exclude_none=True)
    fresh = [None if each in enterprise.owner_ids else each for each in command.owner_ids or ()]
    await _refuse_unknown_owners(tx, fresh, enterprise.unit_id)
    if command.owner_ids is not None:
        gone = [each for each in enterprise.owner_ids if each not in command.owner_ids]
        await leave_home(tx, enterprise.id, enterprise.unit_id, gone)
    for name, (change, verb) in _CHANGES.items():
        if name in wanted:
            change(enterprise, wanted[name])
            tx.publish(enterprise, verb)
    if wanted.keys() & _COMPARED:
        await queries.flag_duplicates(tx, enterprise)
    return enterprise


async def transfer_enterprise(
    tx: Tx, enterprise_id: UUID, seen: Versions, unit_id: UUID
) -> Enterprise:
    """Hand it over to another unit; whoever keeps its register today may.

    Raises EnterpriseNotFound, Forbidden, Stale, EnterpriseClosed, UnitUnknown, NothingChanged.
    """
    enterprise = await seen_enterprise(tx, enterprise_id, seen)
    unit = await known_unit(tx, unit_id)
    await leave_home(tx, enterprise.id, enterprise.unit_id, enterprise.owner_ids, unit)
    enterprise.transfer(unit.id)
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


async def _refuse_unknown_owners(tx: Tx, owner_ids: Sequence[UUID | None], unit_id: UUID) -> None:
    """Let none of these owners be erased before `tx` ends. Raises OwnerUnknown.

    Who stands where None is owned it before, wherever they are at home.
    """
    wanted = [each for each in owner_ids if each is not None]
    if not wanted:
        return
    reached = await homes(tx, wanted, queries.reached_owners)
    known = {each for each, home in reached.items() if home.unit_id == unit_id}
    known |= reached.keys() & await queries.served_at(tx, unit_id, wanted)
    for number, owner_id in enumerate(owner_ids):
        if owner_id is not None and owner_id not in known:
            pointer = f"/owner_ids/{number}"
            raise OwnerUnknown("The unit knows nobody with this id.", pointer=pointer)


async def seen_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """An enterprise whose register the actor keeps, in a version that was seen.

    Raises EnterpriseNotFound, Forbidden, Stale.
    """
    enterprise = await kept_enterprise(tx, enterprise_id)
    seen.refuse_if_stale(enterprise.event_seq)
    return enterprise
