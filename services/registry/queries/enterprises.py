"""Which enterprises there are, and what they were."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from sqlmodel import col

from services.registry.errors import EnterpriseNotFound
from services.registry.models import Enterprise, ErasedName, Unit, searchable
from services.registry.queries.lists import REGISTER, Rows, listed
from shared.access.scope import Place, visible_to, within_region
from shared.events.registry import EnterpriseState, EnterpriseStatus, Verification
from shared.indonesia.codes import RegionShape
from shared.streams.log import Tx, event_log
from shared.text import Line
from shared.vault.tables import subject
from shared.web.paging import Window

_ENTERPRISE = Place(
    unit=col(Enterprise.unit_id),
    region=col(Enterprise.village_code),
    enterprise=col(Enterprise.id),
    persons=col(Enterprise.owner_ids),
)


class EnterpriseFilter(NamedTuple):
    """Which enterprises are wanted, by a part of the name among others; None is any."""

    name: Annotated[Line | None, Query(min_length=3, max_length=120)] = None
    region: Annotated[RegionShape | None, Query()] = None
    unit_id: UUID | None = None
    status: EnterpriseStatus | None = None
    verification: Verification | None = None


async def enterprise(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """The enterprise with this id, if the actor may see it. Raises EnterpriseNotFound."""
    statement = sa.select(Enterprise).where(
        col(Enterprise.id) == enterprise_id, visible_to(tx.actor, _ENTERPRISE)
    )
    return _there((await tx.execute(statement)).scalar_one_or_none())


async def card(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """The same for whoever keeps a register somewhere, since every card is found nationwide.

    Raises EnterpriseNotFound.
    """
    return _there(await tx.get(Enterprise, enterprise_id))


async def register_of(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """The same for who may see what is noted of it beside its card. Raises EnterpriseNotFound."""
    statement = sa.select(Enterprise).where(
        col(Enterprise.id) == enterprise_id, visible_to(tx.actor, REGISTER)
    )
    statement = statement.join(Unit, col(Unit.id) == col(Enterprise.unit_id))
    return _there((await tx.execute(statement)).scalar_one_or_none())


async def held(tx: Tx, *ids: UUID) -> dict[UUID, Enterprise]:
    """These enterprises, wherever they are, locked for this tx."""
    statement = (
        sa.select(Enterprise)
        .where(col(Enterprise.id).in_(ids))
        # In one order, so that two who hold the same never wait for each other.
        .order_by(col(Enterprise.id))
        .with_for_update()
    )
    return {each.id: each for each in await tx.scalars(statement)}


async def enterprises(tx: Tx, window: Window, wanted: EnterpriseFilter) -> Rows:
    """The enterprises that are wanted, by name."""
    statement = sa.select(Enterprise).where(visible_to(tx.actor, _ENTERPRISE))
    if wanted.name:
        search_name = col(Enterprise.search_name)
        statement = statement.where(search_name.contains(searchable(wanted.name), autoescape=True))
    if wanted.region:
        statement = statement.where(within_region(col(Enterprise.village_code), wanted.region))
    if wanted.unit_id:
        statement = statement.where(col(Enterprise.unit_id) == wanted.unit_id)
    if wanted.status:
        statement = statement.where(col(Enterprise.status) == wanted.status)
    if wanted.verification:
        statement = statement.where(col(Enterprise.verification) == wanted.verification)
    return await listed(tx, statement, [col(Enterprise.search_name), col(Enterprise.id)], window)


async def state_as_of(tx: Tx, enterprise: Enterprise, day: date) -> EnterpriseState:
    """What an enterprise was when a day ended at its unit. Raises EnterpriseNotFound.

    The log keeps every full state, without the names that were erased.
    """
    zone = sa.select(col(Unit.time_zone)).where(col(Unit.id) == enterprise.unit_id)
    midnight = sa.literal(day + timedelta(days=1), sa.Date)
    ended = sa.func.timezone(zone.scalar_subquery(), sa.cast(midnight, sa.DateTime))
    log = event_log.c
    statement = (
        sa.select(sa.cast(log.data, sa.Text), log.release)
        .where(log.topic == EnterpriseState.topic, log.key == str(enterprise.id))
        .where(log.occurred_at < ended)
        .order_by(log.epoch.desc(), log.seq.desc())
        .limit(1)
    )
    told = (await tx.execute(statement)).one_or_none()
    if told is None:
        raise EnterpriseNotFound("The enterprise was not registered yet on this day.")
    text, release = told
    return EnterpriseState.read(text, release)


async def ids_within(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every id that stands for one of these, through mergers: its own, and those merged into it."""
    own = col(Enterprise.id)
    roots: sa.Select[UUID, UUID] = sa.select(own, own.label("root")).where(own.in_(ids))
    chain = roots.cte("chain", recursive=True)
    into = sa.select(col(Enterprise.id), chain.c.root).join(
        chain, col(Enterprise.merged_into) == chain.c.id
    )
    rows = await tx.execute(sa.select(chain.union(into)))
    return {row.id: row.root for row in rows}


async def enterprises_of(tx: Tx, owner_id: UUID) -> Sequence[Enterprise]:
    """All enterprises of an owner, wherever they are, locked for this tx."""
    owned = col(Enterprise.owner_ids).contains([owner_id])
    statement = sa.select(Enterprise).where(owned).order_by(col(Enterprise.id)).with_for_update()
    found: Sequence[Enterprise] = ()
    # While one was waited for, a merger may have passed its owners on to yet another one.
    while len(found) < len(held := (await tx.scalars(statement)).all()):
        found = held
    return found


async def known_owners(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Of these persons, those who are kept, and those who were until they were erased."""
    known = sa.select(subject.c.subject_id).where(subject.c.subject_id.in_(ids))
    return set(await tx.scalars(known))


async def next_erased_name(tx: Tx) -> ErasedName | None:
    """An enterprise whose name no other worker is taking out of the log, locked for this tx."""
    statement = sa.select(ErasedName).limit(1).with_for_update(skip_locked=True)
    return (await tx.execute(statement)).scalar_one_or_none()


def _there(found: Enterprise | None) -> Enterprise:
    if found is None:
        raise EnterpriseNotFound("There is no enterprise with this id.")
    return found
