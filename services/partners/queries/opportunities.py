"""What partners offer."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.partners.errors import OpportunityNotFound
from services.partners.models import Opportunity
from services.partners.queries.lists import Found, listed
from services.partners.queries.locks import locked
from shared.access.scope import Place, visible_to
from shared.events.partners import AgreementScope, OpportunityStatus
from shared.streams.log import Tx
from shared.web.paging import Window

_PLACE = Place(partner=col(Opportunity.partner_id))


class OpportunityFilter(NamedTuple):
    """Which opportunities are wanted; None is any."""

    partner_id: UUID | None = None
    agreement_id: UUID | None = None
    kind: AgreementScope | None = None
    status: OpportunityStatus | None = None


async def opportunity(tx: Tx, opportunity_id: UUID) -> Opportunity:
    """The opportunity with this id. Raises OpportunityNotFound."""
    statement = sa.select(Opportunity).where(
        col(Opportunity.id) == opportunity_id, visible_to(tx.actor, _PLACE)
    )
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise OpportunityNotFound("There is no opportunity with this id.")
    return found


async def any_opportunity(tx: Tx, opportunity_id: UUID) -> Opportunity:
    """The same, whoever may change it. Raises OpportunityNotFound."""
    found = await tx.get(Opportunity, opportunity_id)
    if found is None:
        raise OpportunityNotFound("There is no opportunity with this id.")
    return found


async def opportunities(tx: Tx, window: Window, wanted: OpportunityFilter) -> Found:
    """The opportunities in the order in which they close."""
    statement = sa.select(Opportunity).where(visible_to(tx.actor, _PLACE))
    for column, value in zip(
        (Opportunity.partner_id, Opportunity.agreement_id, Opportunity.kind, Opportunity.status),
        wanted,
        strict=True,
    ):
        if value is not None:
            statement = statement.where(col(column) == value)
    return await listed(tx, statement, [col(Opportunity.closes_on), col(Opportunity.id)], window)


async def locked_opportunity(tx: Tx, opportunity_id: UUID) -> Opportunity:
    """The opportunity as it is now; nobody else takes or frees a place until this is over."""
    return await locked(tx, Opportunity, opportunity_id)


async def locked_opportunities(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Opportunity]:
    """The same for several; in the order of their ids, so that no two wait for each other."""
    statement = (
        sa.select(Opportunity)
        .where(col(Opportunity.id).in_(ids))
        .order_by(col(Opportunity.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {found.id: found for found in await tx.scalars(statement)}


async def locked_opportunities_under(tx: Tx, agreement_id: UUID) -> Collection[Opportunity]:
    """All that was ever offered under an agreement, locked in the same way."""
    of_it = col(Opportunity.agreement_id) == agreement_id
    ids = (await tx.scalars(sa.select(col(Opportunity.id)).where(of_it))).all()
    return (await locked_opportunities(tx, ids)).values()
