"""Whom a unit may read: the owners of what it serves, and those who are at home with it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlmodel import col

from services.registry.models import Enterprise, Unit
from shared.access.actor import Actor
from shared.access.scope import Place, visible_to
from shared.streams.log import Tx
from shared.vault.tables import subject
from shared.vault.vault import at_home

_UNIT = Place(unit=col(Unit.id), region=col(Unit.region_code))


def reached_owners(actor: Actor | None) -> sa.ColumnElement[bool]:
    """The condition under which a person is within reach; row security says the same again."""
    served = _serving([subject.c.subject_id]).where(visible_to(actor, _UNIT))
    return sa.or_(at_home(actor), served.correlate(subject).exists())


async def owners_at_home(tx: Tx, unit_id: UUID, ids: Collection[UUID]) -> Sequence[UUID]:
    """Of these persons, those who are at home with a unit and not erased, locked for this tx."""
    those = subject.c.subject_id.in_(ids), subject.c.erased_at.is_(None)
    statement = sa.select(subject.c.subject_id).where(*those, subject.c.unit_id == unit_id)
    return (await tx.scalars(statement.order_by(subject.c.subject_id).with_for_update())).all()


async def units_serving(tx: Tx, owner_id: UUID, besides: UUID) -> Sequence[Unit]:
    """The units that serve an enterprise of a person, but for one enterprise; the oldest first."""
    others = _serving([owner_id]).where(col(Enterprise.id) != besides)
    return (await tx.scalars(others.order_by(col(Enterprise.id)))).all()


async def served_at(tx: Tx, unit_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Of these persons, those who own an enterprise that a unit serves."""
    owners = (
        _serving(ids).where(col(Unit.id) == unit_id).with_only_columns(col(Enterprise.owner_ids))
    )
    return set(ids) & {owner_id for each in await tx.scalars(owners) for owner_id in each}


def _serving(owners: Collection[Any]) -> sa.Select[Any]:
    """The units that serve an enterprise of one of these; what was merged is served no more."""
    owned = col(Enterprise.owner_ids).op("&&")(sa.cast(array(owners), ARRAY(sa.Uuid)))
    return (
        sa.select(Unit)
        .join(Enterprise, col(Enterprise.unit_id) == col(Unit.id))
        .where(owned, col(Enterprise.status) != "merged")
    )
