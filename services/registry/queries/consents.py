"""What owners allowed."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.registry.errors import ConsentNotFound
from services.registry.models import Consent
from services.registry.queries.lists import REGISTER, Rows, listed, of_register
from shared.access.scope import visible_to
from shared.events.registry import ConsentStatus
from shared.streams.log import Tx
from shared.web.paging import Window


class ConsentFilter(NamedTuple):
    """Which consents are wanted; None is any."""

    enterprise_id: UUID | None = None
    recipient_id: UUID | None = None
    status: ConsentStatus | None = None


async def consent(tx: Tx, consent_id: UUID) -> Consent:
    """The consent with this id. Raises ConsentNotFound."""
    statement = _seen(tx).where(col(Consent.id) == consent_id)
    found: Consent | None = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise ConsentNotFound("There is no consent with this id.")
    return found


async def consents(tx: Tx, window: Window, wanted: ConsentFilter) -> Rows:
    """The consents that are wanted, the oldest first."""
    statement = _seen(tx)
    for name, value in wanted._asdict().items():
        if value is not None:
            statement = statement.where(getattr(Consent, name) == value)
    return await listed(tx, statement, [col(Consent.id)], window)


async def granted_consents(tx: Tx, enterprise_ids: Collection[UUID]) -> Sequence[Consent]:
    """What stands of the consents of these enterprises, wherever they are, locked for this tx."""
    statement = (
        sa.select(Consent)
        .where(col(Consent.enterprise_id).in_(enterprise_ids), col(Consent.status) == "granted")
        .order_by(col(Consent.id))
        .with_for_update()
    )
    return (await tx.scalars(statement)).all()


def _seen(tx: Tx) -> sa.Select[Any]:
    statement = sa.select(Consent).where(visible_to(tx.actor, REGISTER))
    return of_register(statement, col(Consent.enterprise_id))
