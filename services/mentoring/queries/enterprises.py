"""What mentoring has heard of enterprises and units; enterprises that were merged are one."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.mentoring.copies import EnterpriseCopy
from shared.refusals import NotYetKnown
from shared.streams.log import Tx
from shared.streams.references import known

_COPY = EnterpriseCopy.table


class Enterprise(NamedTuple):
    """What decides about an enterprise here; it is what its id was merged into, if it was."""

    id: UUID
    unit_id: UUID
    status: str
    owner_ids: Sequence[UUID]


def kindred(of: sa.ColumnElement[bool]) -> sa.Select[UUID]:
    """All ids that are one with these enterprises, over however many mergers."""
    chosen = sa.select(_COPY.c.id, _COPY.c.merged_into).where(of)
    up = chosen.cte(recursive=True)
    above = sa.select(_COPY.c.id, _COPY.c.merged_into).join(up, _COPY.c.id == up.c.merged_into)
    up = up.union(above)
    return _merged_into(sa.select(up.c.id))


def is_of(column: Any, enterprise_id: UUID) -> sa.ColumnElement[bool]:  # noqa: ANN401 (a column of any table)
    """Whether a column has one of the ids of an enterprise."""
    same = kindred(_COPY.c.id == enterprise_id)
    return sa.or_(column == enterprise_id, column.in_(same))


def owned_by(person_id: UUID) -> sa.Select[UUID]:
    """The enterprises that a person owns now, under all their ids.

    What was merged keeps the owners of that day; who owns it now is said by its successor alone.
    """
    theirs = _COPY.c.owner_ids.contains([person_id])
    return _merged_into(sa.select(_COPY.c.id).where(theirs, _COPY.c.merged_into.is_(None)))


async def enterprises_of(tx: Tx, person_id: UUID | None) -> Collection[UUID]:
    """The ids of the enterprises that a person owns."""
    return frozenset(await tx.scalars(owned_by(person_id))) if person_id else frozenset()


async def is_one_with(tx: Tx, enterprise_id: UUID, other_id: UUID) -> bool:
    """Whether two ids are those of one enterprise."""
    other = sa.literal(other_id, sa.Uuid)
    return bool(await tx.scalar(sa.select(is_of(other, enterprise_id))))


async def held_enterprise(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """An enterprise as it is now, or its successor; it does not close until this tx is over.

    Raises NotYetKnown.
    """
    found = await known(tx, EnterpriseCopy, enterprise_id)
    row: Any = None
    if found is not None:
        columns = [_COPY.c[name] for name in Enterprise._fields]
        statement = sa.select(*columns).where(_COPY.c.id == found["id"])
        row = (await tx.execute(statement.with_for_update(read=True))).one_or_none()
    if row is None:
        raise NotYetKnown("The enterprise has not been heard of yet. Send it again.")
    return Enterprise(*row)


async def status_of(tx: Tx, enterprise_id: UUID) -> str | None:
    """The status of an enterprise, or of what it was merged into, if that was heard of."""
    found = await known(tx, EnterpriseCopy, enterprise_id)
    return None if found is None else found["status"]


async def closed_among(tx: Tx, enterprise_ids: Collection[UUID]) -> Collection[UUID]:
    """Those of these enterprises that are closed, or were merged into one that is."""
    chosen = sa.select(_COPY.c.id.label("own"), _COPY.c.merged_into, _COPY.c.status)
    up = chosen.where(_COPY.c.id.in_(enterprise_ids)).cte(recursive=True)
    above = sa.select(up.c.own, _COPY.c.merged_into, _COPY.c.status)
    up = up.union(above.join(up, _COPY.c.id == up.c.merged_into))
    return frozenset(await tx.scalars(sa.select(up.c.own).where(up.c.status == "closed")))


def _merged_into(chosen: sa.Select[UUID]) -> sa.Select[UUID]:
    """These ids, and all that were merged into them, over however many mergers."""
    one = chosen.cte(recursive=True)
    one = one.union(sa.select(_COPY.c.id).join(one, _COPY.c.merged_into == one.c.id))
    return sa.select(one.c.id)
