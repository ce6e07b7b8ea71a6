"""What is asked about tenancies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.facilities.errors import TenancyNotFound
from services.facilities.models import Tenancy
from services.facilities.queries.enterprises import enterprises_of, same_as
from shared.access.scope import Place, visible_to
from shared.events.facilities import TenancyStatus
from shared.streams.log import Tx
from shared.web.paging import Window, page

Rows = tuple[Sequence[Any], str | None]

_TENANCY = Place(
    unit=col(Tenancy.unit_id),
    region=col(Tenancy.region_code),
    enterprise=col(Tenancy.enterprise_id),
)
_RUNNING = ("planned", "active")


@dataclass(frozen=True, slots=True)
class TenancyFilter:
    """Which tenancies are wanted; what is None does not matter."""

    unit_id: UUID | None = None
    facility_id: UUID | None = None
    enterprise_id: UUID | None = None
    status: TenancyStatus | None = None


async def tenancy(tx: Tx, tenancy_id: UUID, *, in_hand: bool = False) -> Tenancy:
    """The tenancy with this id, if the actor may see it; `in_hand` to change it.

    Raises TenancyNotFound, for everyone else's as for one that there is not.
    """
    statement = sa.select(Tenancy).where(col(Tenancy.id) == tenancy_id, await _visible(tx))
    if in_hand:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await tx.scalar(statement)
    if found is None:
        raise TenancyNotFound("There is no tenancy with this id.")
    return found


async def tenancies(tx: Tx, window: Window, wanted: TenancyFilter) -> Rows:
    """The tenancies as they were agreed; of an enterprise, those of all it was merged with."""
    statement = sa.select(Tenancy).where(await _visible(tx))
    for column, value in (
        (col(Tenancy.unit_id), wanted.unit_id),
        (col(Tenancy.facility_id), wanted.facility_id),
        (col(Tenancy.status), wanted.status),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.enterprise_id is not None:
        same = await same_as(tx, wanted.enterprise_id)
        statement = statement.where(col(Tenancy.enterprise_id).in_(same))
    rows, following = await page(tx, statement, [col(Tenancy.id)], window)
    return [row[0] for row in rows], following


async def leased(tx: Tx, facility_ids: Sequence[UUID]) -> Collection[UUID]:
    """Those of these facilities of which a tenancy runs or is agreed."""
    statement = sa.select(col(Tenancy.facility_id)).where(
        col(Tenancy.facility_id).in_(facility_ids), col(Tenancy.status).in_(_RUNNING)
    )
    return frozenset(await tx.scalars(statement.distinct()))


async def running_of(tx: Tx, enterprise_id: UUID) -> Sequence[Tenancy]:
    """The tenancies of an enterprise that run or are agreed, in hand, in the order of their ids."""
    same = await same_as(tx, enterprise_id)
    statement = (
        sa.select(Tenancy)
        .where(col(Tenancy.enterprise_id).in_(same), col(Tenancy.status).in_(_RUNNING))
        .order_by(col(Tenancy.id))
        .with_for_update()
    )
    return (await tx.scalars(statement)).all()


async def _visible(tx: Tx) -> sa.ColumnElement[bool]:
    within = visible_to(tx.actor, _TENANCY)
    own = await enterprises_of(tx, tx.actor.person_id if tx.actor else None)
    return sa.or_(within, col(Tenancy.enterprise_id).in_(own)) if own else within
