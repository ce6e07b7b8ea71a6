"""Whose it is to keep the register of a unit, and who does."""

from uuid import UUID

from services.registry import queries
from services.registry.errors import UnitUnknown
from services.registry.models import Enterprise, Unit
from shared.refusals import Forbidden
from shared.streams.log import Tx


async def refuse_unless_within_reach(tx: Tx, unit_id: UUID) -> Unit:
    """The unit, if the actor's grants cover it. Raises UnitUnknown, Forbidden."""
    unit = await known_unit(tx, unit_id)
    if not (tx.actor and tx.actor.covers(unit=unit.id, region=unit.region_code)):
        raise Forbidden("You may not change the register of this unit.")
    return unit


async def known_unit(tx: Tx, unit_id: UUID) -> Unit:
    """The unit with this id, whoever serves there. Raises UnitUnknown."""
    unit = await tx.get(Unit, unit_id)
    if unit is None:
        raise UnitUnknown("No unit has this id.", pointer="/unit_id")
    return unit


async def kept_enterprise(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """An enterprise whose register the actor keeps. Raises EnterpriseNotFound, Forbidden."""
    enterprise = await queries.card(tx, enterprise_id)
    await refuse_unless_within_reach(tx, enterprise.unit_id)
    return enterprise


def subject_of(tx: Tx) -> str:
    """Who acts, as the issuer or the audit trail names them."""
    return tx.actor.subject if tx.actor else ""
