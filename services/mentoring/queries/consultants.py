"""Which consultants there are, and the one place where their hours are given out."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from services.mentoring.errors import ConsultantNotFound
from services.mentoring.models import Consultant
from services.mentoring.queries.lists import Found, listed, narrowed
from shared.access.scope import Place, visible_to, within_region
from shared.events.mentoring import ConsultantStatus
from shared.events.registry import AssistanceField
from shared.streams.log import Tx
from shared.web.paging import Window

_PLACE = Place(
    unit=col(Consultant.unit_id),
    region=col(Consultant.region_code),
    persons=col(Consultant.person_id),
)


class ConsultantFilter(NamedTuple):
    """Which consultants are wanted; None is any."""

    unit_id: UUID | None = None
    field: AssistanceField | None = None
    status: ConsultantStatus | None = None


async def consultant(tx: Tx, consultant_id: UUID, *, in_hand: bool = False) -> Consultant:
    """The consultant with this id; `in_hand` when nothing of theirs may change until the tx ends.

    Raises ConsultantNotFound, for one out of reach as for one that there is not.
    """
    statement = sa.select(Consultant).where(
        col(Consultant.id) == consultant_id, visible_to(tx.actor, _PLACE)
    )
    if in_hand:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.scalars(statement)).one_or_none()
    if found is None:
        raise ConsultantNotFound("There is no consultant with this id.")
    return found


async def consultants(tx: Tx, window: Window, wanted: ConsultantFilter) -> Found:
    """The consultants from the longest known on."""
    statement = sa.select(Consultant).where(visible_to(tx.actor, _PLACE))
    if wanted.field:
        statement = statement.where(col(Consultant.fields).contains([wanted.field]))
    equals = [(col(Consultant.unit_id), wanted.unit_id), (col(Consultant.status), wanted.status)]
    return await listed(tx, narrowed(statement, equals), [col(Consultant.id)], window)


async def any_consultant(tx: Tx, consultant_id: UUID) -> Consultant | None:
    """The consultant with this id, wherever they are, if there is one."""
    return await tx.get(Consultant, consultant_id)


async def is_consultant(tx: Tx, person_id: UUID) -> bool:
    """Whether a person is a consultant anywhere now."""
    theirs = col(Consultant.person_id) == person_id
    there = sa.exists().where(theirs, col(Consultant.status) != "left")
    return bool(await tx.scalar(sa.select(there)))


async def active_in_province(tx: Tx, region_code: str) -> Sequence[Consultant]:
    """Who takes something new in the province of a region."""
    return (await tx.scalars(_active_in_province(region_code))).all()


async def one_in_province(tx: Tx, region_code: str, consultant_id: UUID) -> Consultant | None:
    """A consultant of the province of a region, wherever the actor's own reach ends."""
    statement = _in_province(region_code).where(col(Consultant.id) == consultant_id)
    return (await tx.scalars(statement)).one_or_none()


async def held_consultants(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Consultant]:
    """These consultants, whose hours nobody else takes or frees until the tx ends.

    Whoever changes what several have in hand holds all of them first, by their ids in order, so
    that no two wait for each other.
    """
    return await _held(tx, sa.select(Consultant).where(col(Consultant.id).in_(ids)))


async def held_in_province(tx: Tx, leaving: Consultant) -> dict[UUID, Consultant]:
    """In the same way a consultant, and all who might take over from them."""
    others = _active_in_province(leaving.region_code).with_only_columns(col(Consultant.id))
    either = sa.or_(col(Consultant.id) == leaving.id, col(Consultant.id).in_(others))
    return await _held(tx, sa.select(Consultant).where(either))


async def take_hours(tx: Tx, consultant_id: UUID, hours: int) -> bool:
    """Take hours a week of an active consultant who has as many left; say whether they had."""
    taken = col(Consultant.taken) + hours
    statement = sa.update(Consultant).where(
        col(Consultant.id) == consultant_id,
        col(Consultant.status) == "active",
        taken <= col(Consultant.weekly_hours),
    )
    return await _count(tx, statement.values(taken=taken))


async def free_hours(tx: Tx, consultant_id: UUID, hours: int) -> None:
    """Give hours a week back to a consultant."""
    statement = sa.update(Consultant).where(col(Consultant.id) == consultant_id)
    await _count(tx, statement.values(taken=col(Consultant.taken) - hours))


async def _count(tx: Tx, statement: sa.Update) -> bool:
    fresh = {"populate_existing": True, "synchronize_session": False}
    counted = await tx.scalars(statement.returning(Consultant).execution_options(**fresh))
    return counted.one_or_none() is not None


async def _held(tx: Tx, statement: sa.Select[Consultant]) -> dict[UUID, Consultant]:
    locked = statement.order_by(col(Consultant.id)).with_for_update()
    found = await tx.scalars(locked.execution_options(populate_existing=True))
    return {each.id: each for each in found}


def _in_province(region_code: str) -> sa.Select[Consultant]:
    province = region_code.partition(".")[0]
    return sa.select(Consultant).where(within_region(col(Consultant.region_code), province))


def _active_in_province(region_code: str) -> sa.Select[Consultant]:
    return _in_province(region_code).where(col(Consultant.status) == "active")
