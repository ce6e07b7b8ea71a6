"""Which partners there are."""

from typing import Annotated, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from sqlmodel import col

from services.partners.errors import PartnerNotFound
from services.partners.models import Partner
from services.partners.queries.lists import Found, listed
from shared.access.scope import Place, visible_to
from shared.events.partners import PartnerKind, PartnerStatus
from shared.streams.log import Tx
from shared.text import Line
from shared.web.paging import Window

_PLACE = Place(unit=col(Partner.unit_id), region=col(Partner.region_code), partner=col(Partner.id))


class PartnerFilter(NamedTuple):
    """Which partners are wanted, by a part of the name among others; None is any."""

    name: Annotated[Line | None, Query(min_length=3, max_length=120)] = None
    kind: PartnerKind | None = None
    status: PartnerStatus | None = None


async def partner(tx: Tx, partner_id: UUID) -> Partner:
    """The partner with this id. Raises PartnerNotFound."""
    statement = sa.select(Partner).where(
        col(Partner.id) == partner_id, visible_to(tx.actor, _PLACE)
    )
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise PartnerNotFound("There is no partner with this id.")
    return found


async def any_partner(tx: Tx, partner_id: UUID) -> Partner:
    """The same, whoever looks after it. Raises PartnerNotFound."""
    found = await tx.get(Partner, partner_id)
    if found is None:
        raise PartnerNotFound("There is no partner with this id.")
    return found


async def partner_with_nib(tx: Tx, nib: str) -> Partner | None:
    """The partner that has this NIB, whoever looks after it."""
    return (await tx.scalars(sa.select(Partner).where(col(Partner.nib) == nib))).one_or_none()


async def partners(tx: Tx, window: Window, wanted: PartnerFilter) -> Found:
    """The partners in the order of their names."""
    statement = sa.select(Partner).where(visible_to(tx.actor, _PLACE))
    if wanted.name:
        statement = statement.where(col(Partner.name).icontains(wanted.name, autoescape=True))
    if wanted.kind:
        statement = statement.where(col(Partner.kind) == wanted.kind)
    if wanted.status:
        statement = statement.where(col(Partner.status) == wanted.status)
    return await listed(tx, statement, [col(Partner.name), col(Partner.id)], window)
