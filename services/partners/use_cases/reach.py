"""Whose it is to change things of partners, by the units that they are for."""

from collections.abc import Collection
from uuid import UUID

from services.partners import queries
from services.partners.copies import UnitCopy
from shared.refusals import Forbidden
from shared.streams.log import Tx
from shared.streams.references import heard_of


async def region_of(tx: Tx, unit_id: UUID | None, pointer: str) -> str | None:
    """The code of a unit's region, if there is a unit. Raises NotYetKnown."""
    if unit_id is None:
        return None
    unit = await heard_of(tx, UnitCopy, unit_id, pointer=pointer)
    return str(unit["region_code"])


def refuse_unless_covered(
    tx: Tx, unit_id: UUID | None, region_code: str | None, partner_id: UUID | None = None
) -> None:
    """Raise Forbidden unless what belongs to a unit, or to none, is within the actor's reach."""
    actor = tx.actor
    if not (actor and actor.covers(unit=unit_id, region=region_code, partner=partner_id)):
        raise Forbidden("This belongs to a unit, or to the ministry, that you do not act for.")


async def refuse_unless_all_covered(
    tx: Tx, unit_ids: Collection[UUID], partner_id: UUID | None = None
) -> None:
    """Raise Forbidden unless every unit that a thing is for is within the actor's reach.

    What is for all units is the ministry's; and what is a partner's own, is the partner's.
    """
    if not unit_ids:
        refuse_unless_covered(tx, None, None, partner_id)
    regions = await queries.regions_of(tx, unit_ids)
    for unit_id in unit_ids:
        refuse_unless_covered(tx, unit_id, regions.get(unit_id), partner_id)


def subject_of(tx: Tx) -> str:
    """Who acts, as the issuer or the audit trail names them."""
    return tx.actor.subject if tx.actor else ""
