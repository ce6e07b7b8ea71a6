"""Which enterprises are in whose care, as far as the actor may know."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.mentoring.errors import CaseNotFound
from services.mentoring.models import PENDING, Case, Circumstances, Goal, Session
from services.mentoring.queries.enterprises import closed_among, is_of
from services.mentoring.queries.lists import Found, listed, narrowed
from services.mentoring.queries.reach import seen_by
from shared.access.scope import Place, visible_to
from shared.events.mentoring import CaseStatus
from shared.events.registry import AssistanceField
from shared.streams.log import Tx
from shared.web.paging import Window

_PLACE = Place(
    unit=col(Case.unit_id),
    region=col(Case.region_code),
    enterprise=col(Case.enterprise_id),
    persons=col(Case.subject_id),
)


class CaseFilter(NamedTuple):
    """Which cases are wanted; None is any. Merged enterprises are one."""

    unit_id: UUID | None = None
    enterprise_id: UUID | None = None
    consultant_id: UUID | None = None
    field: AssistanceField | None = None
    status: CaseStatus | None = None


async def case(tx: Tx, case_id: UUID) -> Case:
    """The case with this id, for whoever may read it.

    Raises CaseNotFound, for a foreign one as for none.
    """
    statement = sa.select(Case).where(col(Case.id) == case_id, seen_by(tx.actor, _PLACE))
    return _there((await tx.scalars(statement)).one_or_none())


async def circumstances(tx: Tx, cases: Sequence[Case]) -> Circumstances:
    """What decides about these cases besides themselves."""
    pending = sa.select(col(Session.case_id)).where(
        col(Session.case_id).in_([each.id for each in cases]), col(Session.status).in_(PENDING)
    )
    closed = await closed_among(tx, {each.enterprise_id for each in cases})
    return Circumstances(frozenset(await tx.scalars(pending.distinct())), closed)


async def case_in_hand(tx: Tx, case_id: UUID, *, alone: bool = True) -> Case:
    """The same for whoever works on it; `alone` when nobody else may until the tx ends.

    Raises CaseNotFound.
    """
    statement = sa.select(Case).where(col(Case.id) == case_id, visible_to(tx.actor, _PLACE))
    if alone:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return _there((await tx.scalars(statement)).one_or_none())


async def cases(tx: Tx, window: Window, wanted: CaseFilter) -> Found:
    """The cases from the oldest on."""
    statement = sa.select(Case).where(seen_by(tx.actor, _PLACE))
    if wanted.enterprise_id:
        statement = statement.where(is_of(col(Case.enterprise_id), wanted.enterprise_id))
    equals = [
        (col(Case.unit_id), wanted.unit_id),
        (col(Case.consultant_id), wanted.consultant_id),
        (col(Case.field), wanted.field),
        (col(Case.status), wanted.status),
    ]
    return await listed(tx, narrowed(statement, equals), [col(Case.id)], window)


async def any_case(tx: Tx, case_id: UUID) -> Case | None:
    """The case with this id, if there is one, for what another service's word does to it."""
    return await tx.get(Case, case_id)


async def open_cases_of(tx: Tx, consultant_id: UUID) -> Sequence[Case]:
    """The open cases of a consultant, in hand; first those that take most hours."""
    statement = (
        sa.select(Case)
        .where(col(Case.consultant_id) == consultant_id, col(Case.status) == "open")
        .order_by(col(Case.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await tx.scalars(statement)).all()
    return sorted(found, key=_hours, reverse=True)


async def goals(tx: Tx, case_id: UUID) -> Sequence[Goal]:
    """The goals of a case, in the order in which they were named."""
    statement = sa.select(Goal).where(col(Goal.case_id) == case_id).order_by(col(Goal.id))
    return (await tx.scalars(statement)).all()


def _there(found: Case | None) -> Case:
    if found is None:
        raise CaseNotFound("There is no case with this id.")
    return found


def _hours(case: Case) -> int:
    return case.weekly_hours
