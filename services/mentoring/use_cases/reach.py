"""Whose it is to begin things at a unit."""

from collections.abc import Sequence
from uuid import UUID

from services.mentoring.errors import NotOfTheUnit
from shared.streams.log import Tx


def refuse_unless_covered(
    tx: Tx,
    unit_id: UUID,
    region_code: str,
    *,
    enterprise_id: UUID | None = None,
    owner_ids: Sequence[UUID] = (),
) -> None:
    """Raise NotOfTheUnit unless the unit, or the enterprise of these owners, is the actor's."""
    covered = tx.actor is not None and tx.actor.covers(
        unit=unit_id, region=region_code, enterprise=enterprise_id, persons=owner_ids
    )
    if not covered:
        raise NotOfTheUnit("You act neither for this unit nor for this enterprise.")
