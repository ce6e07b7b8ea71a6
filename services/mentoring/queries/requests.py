"""Who asked for help, as far as the actor may know."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.mentoring.errors import RequestNotFound
from services.mentoring.models import UNDECIDED, Consultant, Request
from services.mentoring.queries.enterprises import is_of
from services.mentoring.queries.lists import Found, listed, narrowed
from services.mentoring.queries.reach import seen_by
from shared.access.scope import Place, visible_to
from shared.events.mentoring import RequestStatus
from shared.events.registry import AssistanceField
from shared.streams.log import Tx
from shared.web.paging import Window

_OWNERS = Place(
    unit=col(Request.unit_id),
    region=col(Request.region_code),
    enterprise=col(Request.enterprise_id),
)
_CONSULTANTS = Place(
    unit=col(Request.unit_id), region=col(Request.region_code), persons=col(Request.subject_id)
)
_READERS = Place(
    unit=col(Request.unit_id),
    region=col(Request.region_code),
    enterprise=col(Request.enterprise_id),
    persons=col(Request.subject_id),
)


class RequestFilter(NamedTuple):
    """Which requests are wanted; None is any. Merged enterprises are one."""

    unit_id: UUID | None = None
    enterprise_id: UUID | None = None
    consultant_id: UUID | None = None
    field: AssistanceField | None = None
    status: RequestStatus | None = None


async def request(tx: Tx, request_id: UUID) -> Request:
    """The request with this id, for whoever may read it. Raises RequestNotFound."""
    return await _one(tx, request_id, seen_by(tx.actor, _READERS))


async def owners_request(tx: Tx, request_id: UUID) -> Request:
    """The same for those in whose name it was made. Raises RequestNotFound."""
    return await _one(tx, request_id, seen_by(tx.actor, _OWNERS))


async def consultants_request(tx: Tx, request_id: UUID) -> Request:
    """The same for whom it is assigned to. Raises RequestNotFound."""
    return await _one(tx, request_id, visible_to(tx.actor, _CONSULTANTS))


async def requests(tx: Tx, window: Window, wanted: RequestFilter) -> Found:
    """The requests from the oldest on."""
    statement = sa.select(Request).where(seen_by(tx.actor, _READERS))
    if wanted.enterprise_id:
        statement = statement.where(is_of(col(Request.enterprise_id), wanted.enterprise_id))
    equals = [
        (col(Request.unit_id), wanted.unit_id),
        (col(Request.consultant_id), wanted.consultant_id),
        (col(Request.field), wanted.field),
        (col(Request.status), wanted.status),
    ]
    return await listed(tx, narrowed(statement, equals), [col(Request.id)], window)


async def requests_of_visit(tx: Tx, visit_id: UUID) -> Sequence[Request]:
    """The requests that a visit made, as often as it was corrected."""
    return await _all(tx, col(Request.visit_id) == visit_id)


async def assigned_to(tx: Tx, consultant_id: UUID) -> Sequence[Request]:
    """The requests that await a consultant's answer."""
    theirs = col(Request.consultant_id) == consultant_id
    return await _all(tx, theirs, col(Request.status) == "assigned")


async def undecided_of(tx: Tx, enterprise_id: UUID) -> Sequence[Request]:
    """The requests of an enterprise, under all its ids, that are not yet a case."""
    theirs = is_of(col(Request.enterprise_id), enterprise_id)
    return await _all(tx, theirs, col(Request.status).in_(UNDECIDED))


async def unanswered(tx: Tx, resting: Collection[UUID]) -> Request | None:
    """A request whose consultant did not answer in time, both in no other worker's hands."""
    due = sa.and_(col(Request.due_at) <= sa.func.now(), col(Request.id).not_in(resting))
    late = sa.exists().where(due, col(Request.consultant_id) == col(Consultant.id))
    free = sa.select(Consultant).where(late).limit(1).with_for_update(skip_locked=True)
    consultant = (await tx.scalars(free)).one_or_none()
    if consultant is None:
        return None
    theirs = col(Request.consultant_id) == consultant.id
    first = sa.select(Request).where(due, theirs).order_by(col(Request.due_at), col(Request.id))
    return (await tx.scalars(first.limit(1).with_for_update(skip_locked=True))).one_or_none()


async def _one(tx: Tx, request_id: UUID, reach: sa.ColumnElement[bool]) -> Request:
    statement = sa.select(Request).where(col(Request.id) == request_id, reach)
    found = (await tx.scalars(statement)).one_or_none()
    if found is None:
        raise RequestNotFound("There is no request with this id.")
    return found


async def _all(tx: Tx, *conditions: sa.ColumnElement[bool]) -> Sequence[Request]:
    ordered = [col(Request.consultant_id), col(Request.id)]
    return (await tx.scalars(sa.select(Request).where(*conditions).order_by(*ordered))).all()
