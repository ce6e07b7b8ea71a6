"""Which sessions there are, as far as the actor may know."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.mentoring.errors import SessionNotFound
from services.mentoring.models import PENDING, Session
from services.mentoring.queries.enterprises import is_of
from services.mentoring.queries.lists import Found, listed, narrowed
from services.mentoring.queries.reach import seen_with_its_case
from shared.access.scope import Place, visible_to
from shared.events.mentoring import RoomStatus, SessionStatus
from shared.instants import Instant
from shared.streams.log import Tx
from shared.web.paging import Window

_PLACE = Place(
    unit=col(Session.unit_id),
    region=col(Session.region_code),
    enterprise=col(Session.enterprise_id),
    persons=col(Session.subject_id),
)


class SessionFilter(NamedTuple):
    """Which sessions are wanted; None is any. Merged enterprises are one."""

    unit_id: UUID | None = None
    case_id: UUID | None = None
    enterprise_id: UUID | None = None
    consultant_id: UUID | None = None
    status: SessionStatus | None = None
    room: RoomStatus | None = None
    starts_from: Instant | None = None
    starts_before: Instant | None = None


async def session(tx: Tx, session_id: UUID) -> Session:
    """The session with this id, for whoever may read it.

    Raises SessionNotFound, for a foreign one as for none.
    """
    return await _one(tx, session_id, seen_with_its_case(tx.actor, _PLACE, col(Session.case_id)))


async def session_in_hand(tx: Tx, session_id: UUID) -> Session:
    """The same for whoever works on its case. Raises SessionNotFound."""
    return await _one(tx, session_id, visible_to(tx.actor, _PLACE))


async def sessions(tx: Tx, window: Window, wanted: SessionFilter) -> Found:
    """The sessions by their beginning."""
    statement = sa.select(Session).where(seen_with_its_case(tx.actor, _PLACE, col(Session.case_id)))
    if wanted.enterprise_id:
        statement = statement.where(is_of(col(Session.enterprise_id), wanted.enterprise_id))
    if wanted.starts_from:
        statement = statement.where(col(Session.starts_at) >= wanted.starts_from)
    if wanted.starts_before:
        statement = statement.where(col(Session.starts_at) < wanted.starts_before)
    equals = [
        (col(Session.unit_id), wanted.unit_id),
        (col(Session.case_id), wanted.case_id),
        (col(Session.consultant_id), wanted.consultant_id),
        (col(Session.status), wanted.status),
        (col(Session.room), wanted.room),
    ]
    keys = [col(Session.starts_at), col(Session.id)]
    return await listed(tx, narrowed(statement, equals), keys, window)


async def any_session(tx: Tx, session_id: UUID) -> Session | None:
    """The session with this id, if there is one, for what another service's word does to it."""
    return await tx.get(Session, session_id)


async def pending_of_case(tx: Tx, case_id: UUID) -> Sequence[Session]:
    """The sessions of a case that may still take place, in hand."""
    return await _pending(tx, col(Session.case_id) == case_id)


async def pending_of_enterprise(tx: Tx, enterprise_id: UUID) -> Sequence[Session]:
    """The same of an enterprise, under all its ids."""
    return await _pending(tx, is_of(col(Session.enterprise_id), enterprise_id))


async def _one(tx: Tx, session_id: UUID, reach: sa.ColumnElement[bool]) -> Session:
    statement = sa.select(Session).where(col(Session.id) == session_id, reach)
    found = (await tx.scalars(statement)).one_or_none()
    if found is None:
        raise SessionNotFound("There is no session with this id.")
    return found


async def _pending(tx: Tx, condition: sa.ColumnElement[bool]) -> Sequence[Session]:
    statement = (
        sa.select(Session)
        .where(condition, col(Session.status).in_(PENDING))
        .order_by(col(Session.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await tx.scalars(statement)).all()
