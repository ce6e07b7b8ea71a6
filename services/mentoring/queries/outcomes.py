"""What cases achieved, as far as the actor may know."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.mentoring.errors import OutcomeNotFound
from services.mentoring.models import Outcome
from services.mentoring.queries.enterprises import is_of
from services.mentoring.queries.lists import Found, listed, narrowed
from services.mentoring.queries.reach import seen_by, seen_with_its_case
from shared.access.scope import Place
from shared.events.mentoring import OutcomeKind, OutcomeStatus
from shared.streams.log import Tx
from shared.web.paging import Window

_OWNERS = Place(
    unit=col(Outcome.unit_id),
    region=col(Outcome.region_code),
    enterprise=col(Outcome.enterprise_id),
)


class OutcomeFilter(NamedTuple):
    """Which outcomes are wanted; None is any. Merged enterprises are one."""

    unit_id: UUID | None = None
    case_id: UUID | None = None
    enterprise_id: UUID | None = None
    kind: OutcomeKind | None = None
    status: OutcomeStatus | None = None


async def outcome(tx: Tx, outcome_id: UUID) -> Outcome:
    """The outcome with this id, for whoever may read it.

    Raises OutcomeNotFound, for a foreign one as for none.
    """
    return await _one(tx, outcome_id, seen_with_its_case(tx.actor, _OWNERS, col(Outcome.case_id)))


async def owners_outcome(tx: Tx, outcome_id: UUID) -> Outcome:
    """The same for the owners of the enterprise, who answer it. Raises OutcomeNotFound."""
    return await _one(tx, outcome_id, seen_by(tx.actor, _OWNERS))


async def outcomes(tx: Tx, window: Window, wanted: OutcomeFilter) -> Found:
    """The outcomes from the first claimed on."""
    statement = sa.select(Outcome).where(
        seen_with_its_case(tx.actor, _OWNERS, col(Outcome.case_id))
    )
    if wanted.enterprise_id:
        statement = statement.where(is_of(col(Outcome.enterprise_id), wanted.enterprise_id))
    equals = [
        (col(Outcome.unit_id), wanted.unit_id),
        (col(Outcome.case_id), wanted.case_id),
        (col(Outcome.kind), wanted.kind),
        (col(Outcome.status), wanted.status),
    ]
    return await listed(tx, narrowed(statement, equals), [col(Outcome.id)], window)


async def is_claimed(tx: Tx, referral_id: UUID) -> bool:
    """Whether an outcome was claimed of a referral."""
    claimed = sa.exists().where(col(Outcome.referral_id) == referral_id)
    return bool(await tx.scalar(sa.select(claimed)))


async def _one(tx: Tx, outcome_id: UUID, reach: sa.ColumnElement[bool]) -> Outcome:
    statement = sa.select(Outcome).where(col(Outcome.id) == outcome_id, reach)
    found = (await tx.scalars(statement)).one_or_none()
    if found is None:
        raise OutcomeNotFound("There is no outcome with this id.")
    return found
