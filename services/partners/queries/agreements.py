"""What was agreed with whom, and what was promised."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.partners.errors import AgreementNotFound, ObligationNotFound
from services.partners.models import Agreement, Obligation
from services.partners.queries.lists import Found, listed
from services.partners.queries.locks import locked
from shared.access.scope import Place, visible_to
from shared.events.partners import AgreementStatus
from shared.streams.log import Tx
from shared.web.paging import Window

_PLACE = Place(partner=col(Agreement.partner_id))


class AgreementFilter(NamedTuple):
    """Which agreements are wanted; None is any."""

    partner_id: UUID | None = None
    unit_id: UUID | None = None
    status: AgreementStatus | None = None


async def agreement(tx: Tx, agreement_id: UUID) -> Agreement:
    """The agreement with this id. Raises AgreementNotFound."""
    statement = sa.select(Agreement).where(
        col(Agreement.id) == agreement_id, visible_to(tx.actor, _PLACE)
    )
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise AgreementNotFound("There is no agreement with this id.")
    return found


async def any_agreement(tx: Tx, agreement_id: UUID) -> Agreement:
    """The same, whoever may change it. Raises AgreementNotFound."""
    found = await tx.get(Agreement, agreement_id)
    if found is None:
        raise AgreementNotFound("There is no agreement with this id.")
    return found


async def agreements(tx: Tx, window: Window, wanted: AgreementFilter) -> Found:
    """The agreements from the oldest on; with a unit, those that cover it."""
    statement = sa.select(Agreement).where(visible_to(tx.actor, _PLACE))
    if wanted.partner_id:
        statement = statement.where(col(Agreement.partner_id) == wanted.partner_id)
    if wanted.unit_id:
        units = col(Agreement.unit_ids)
        covered = sa.or_(units.contains([wanted.unit_id]), sa.func.cardinality(units) == 0)
        statement = statement.where(covered)
    if wanted.status:
        statement = statement.where(col(Agreement.status) == wanted.status)
    return await listed(tx, statement, [col(Agreement.id)], window)


async def held_agreement(tx: Tx, agreement_id: UUID) -> Agreement:
    """The agreement as it is now; until the transaction is over it neither changes nor ends."""
    return await locked(tx, Agreement, agreement_id, to_change=False)


async def locked_agreement(tx: Tx, agreement_id: UUID) -> Agreement:
    """The agreement as it is now, for this transaction to end."""
    return await locked(tx, Agreement, agreement_id)


async def obligations(tx: Tx, agreement_id: UUID) -> Sequence[Obligation]:
    """What was promised in an agreement, by the days it is due."""
    statement = sa.select(Obligation).where(col(Obligation.agreement_id) == agreement_id)
    ordered = statement.order_by(col(Obligation.due_on), col(Obligation.id))
    return (await tx.scalars(ordered)).all()


async def obligation(tx: Tx, agreement_id: UUID, obligation_id: UUID) -> Obligation:
    """One of an agreement's obligations. Raises ObligationNotFound."""
    found = await tx.get(Obligation, obligation_id)
    if found is None or found.agreement_id != agreement_id:
        raise ObligationNotFound("The agreement has no obligation with this id.")
    return found
