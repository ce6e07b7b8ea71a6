"""How two enterprises become one, and two again."""

from dataclasses import dataclass
from uuid import UUID

from services.registry import queries
from services.registry.errors import EnterpriseNotFound, NotMerged
from services.registry.models import Duplicate, Enterprise, merge, part
from services.registry.use_cases.homes import leave_home
from services.registry.use_cases.reach import (
    kept_enterprise,
    known_unit,
    refuse_unless_within_reach,
    subject_of,
)
from shared.streams.log import Tx
from shared.web.etags import Versions

_COMPARED = ("kind", "trade_name", "unit_id", "village_code", "kbli", "size_class", "verification")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merger would do."""

    merged: Enterprise
    survivor: Enterprise
    owners_added: list[UUID]
    differences: list[str]


async def preview_merge(tx: Tx, enterprise_id: UUID, into: UUID) -> Preview:
    """Say what a merger would do, and do nothing. Raises EnterpriseNotFound, Forbidden."""
    merged = await kept_enterprise(tx, enterprise_id)
    survivor = await kept_enterprise(tx, into)
    return Preview(
        merged,
        survivor,
        [each for each in merged.owner_ids if each not in survivor.owner_ids],
        [name for name in _COMPARED if getattr(merged, name) != getattr(survivor, name)],
    )


async def merge_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions, into: UUID) -> Enterprise:
    """See two as one from now on; return the one that was merged.

    Raises EnterpriseNotFound, Forbidden, Stale, CannotMerge, EnterpriseClosed, EnterpriseMerged.
    """
    await _lead_home(tx, enterprise_id, enterprise_id, into)
    merged, survivor = await _both(tx, enterprise_id, into)
    seen.refuse_if_stale(merged.event_seq)
    merger = merge(merged, survivor, subject_of(tx))
    tx.add(merger)
    tx.publish(merged, "merged")
    if merger.added:
        tx.publish(survivor, "owners_changed")
    await tx.flush()
    return merged


async def unmerge_enterprise(tx: Tx, enterprise_id: UUID, seen: Versions) -> Enterprise:
    """See them as two again, as they were; return the one that was merged.

    Raises EnterpriseNotFound, Forbidden, Stale, NotMerged, SurvivorMerged.
    """
    into = (await queries.card(tx, enterprise_id)).merged_into
    if into is None:
        raise NotMerged("It is not merged into another one, so there is nothing to undo.")
    await _lead_home(tx, enterprise_id, into, enterprise_id)
    merged, survivor = await _both(tx, enterprise_id, into)
    seen.refuse_if_stale(merged.event_seq)
    standing = await queries.mergers_into(tx, survivor.id)
    (merger,) = (merger for merger, _ in standing if merger.merged_id == merged.id)
    owners = survivor.owner_ids
    part(merger, merged, survivor, [each for each in standing if each[0] is not merger])
    await tx.delete(merger)
    tx.publish(merged, "unmerged")
    if survivor.owner_ids != owners:
        tx.publish(survivor, "owners_changed")
    await tx.flush()
    return merged


async def dismiss_duplicate(tx: Tx, duplicate_id: UUID) -> Duplicate:
    """Remember that two that look alike are two. Raises DuplicateNotFound."""
    duplicate = await queries.duplicate(tx, duplicate_id)
    if duplicate.status == "open":
        duplicate.status, duplicate.dismissed_by = "dismissed", subject_of(tx)
    return duplicate


async def _lead_home(tx: Tx, merged_id: UUID, from_id: UUID, to_id: UUID) -> None:
    """Let the owners of what is merged or parted find their home with who serves it then.

    Before both are held, since who erases an owner holds the person first, then what they own.
    """
    places = await queries.places_of(tx, {from_id, to_id})
    if len(places) > 1 and places[from_id]["unit"] != places[to_id]["unit"]:
        unit = await known_unit(tx, places[to_id]["unit"])
        owners = places[merged_id]["persons"]
        await leave_home(tx, from_id, places[from_id]["unit"], owners, unit)


async def _both(tx: Tx, one: UUID, other: UUID) -> tuple[Enterprise, Enterprise]:
    """Both, locked. Raises EnterpriseNotFound, Forbidden."""
    held = await queries.held(tx, one, other)
    if one not in held or other not in held:
        raise EnterpriseNotFound("There is no enterprise with this id.")
    for each in held.values():
        await refuse_unless_within_reach(tx, each.unit_id)
    return held[one], held[other]
