"""Which enterprises look alike."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from services.registry.errors import DuplicateNotFound
from services.registry.ids import new_id
from services.registry.models import (
    MOST,
    SIMILAR,
    Duplicate,
    DuplicateStatus,
    Enterprise,
    Merger,
    Unit,
)
from services.registry.queries.lists import Rows, listed
from shared.access.scope import Place, visible_to
from shared.streams.log import Tx
from shared.vault.tables import blind_index
from shared.web.paging import Window

_ONE, _OTHER = aliased(Enterprise), aliased(Enterprise)
_ITS_UNIT, _OTHERS_UNIT = aliased(Unit), aliased(Unit)


async def flag_duplicates(tx: Tx, enterprise: Enterprise) -> None:
    """Note which others look like a new enterprise or a changed one, for people to decide.

    Pairs that were flagged once, whichever of the two it was for, are not flagged again.
    """
    reasons: dict[UUID, list[str]] = {}
    found = sa.union_all(*_lookalikes(enterprise))
    for other, reason in await tx.execute(found):
        reasons.setdefault(other, []).append(reason)
    pairs = [
        {"id": new_id(), "enterprise_id": enterprise.id, "other_id": other, "reasons": why}
        for other, why in reasons.items()
    ]
    if pairs:
        statement = insert(Duplicate).values(status="open").on_conflict_do_nothing()
        await tx.execute(statement, pairs)


def _lookalikes(enterprise: Enterprise) -> Iterator[sa.Select[Any]]:
    yield _those(
        "similar_name",
        enterprise,
        col(Enterprise.village_code) == enterprise.village_code,
        sa.func.similarity(col(Enterprise.search_name), enterprise.search_name) >= SIMILAR,
    )
    if enterprise.owner_ids:
        owned = col(Enterprise.owner_ids)
        yield _those("same_owner", enterprise, owned.op("&&")(enterprise.owner_ids))
        namesakes = sa.func.array(_reached_by_the_same_number(enterprise.owner_ids))
        yield _those("same_phone", enterprise, owned.op("&&")(namesakes))


def _those(reason: str, enterprise: Enterprise, *alike: sa.ColumnElement[bool]) -> sa.Select[Any]:
    others = (
        sa.select(col(Enterprise.id), sa.literal(reason, sa.Text).label("reason"))
        .where(col(Enterprise.id) != enterprise.id, col(Enterprise.status) != "merged", *alike)
        .where(col(Enterprise.id).not_in(_flagged_with(enterprise.id)))
        .limit(MOST)
        .subquery()
    )
    return sa.select(others.c.id, others.c.reason)


def _flagged_with(enterprise_id: UUID) -> sa.CompoundSelect[Any]:
    one, other = col(Duplicate.enterprise_id), col(Duplicate.other_id)
    return sa.union_all(
        sa.select(other).where(one == enterprise_id), sa.select(one).where(other == enterprise_id)
    )


def _reached_by_the_same_number(owner_ids: list[UUID]) -> sa.ScalarSelect[Any]:
    """Other persons with a telephone number of one of these, of those whom the actor may see."""
    own, other = blind_index.alias(), blind_index.alias()
    same = sa.and_(own.c.name == "phone", other.c.name == "phone", own.c.digest == other.c.digest)
    return (
        sa.select(other.c.subject_id)
        .join(own, same)
        .where(own.c.subject_id.in_(owner_ids), other.c.subject_id.not_in(owner_ids))
        .scalar_subquery()
    )


def _seen(tx: Tx) -> sa.Select[Any]:
    """The pairs of which one at least is in the actor's reach."""
    ways = (
        visible_to(tx.actor, Place(unit=col(unit.id), region=col(unit.region_code)))
        for unit in (_ITS_UNIT, _OTHERS_UNIT)
    )
    return (
        sa.select(Duplicate)
        .join(_ONE, col(_ONE.id) == col(Duplicate.enterprise_id))
        .join(_OTHER, col(_OTHER.id) == col(Duplicate.other_id))
        .join(_ITS_UNIT, col(_ITS_UNIT.id) == col(_ONE.unit_id))
        .join(_OTHERS_UNIT, col(_OTHERS_UNIT.id) == col(_OTHER.unit_id))
        .where(sa.or_(*ways))
    )


async def duplicates(tx: Tx, window: Window, status: DuplicateStatus) -> Rows:
    """The pairs that were flagged, the oldest first, without those that were merged."""
    unmerged = col(_ONE.status) != "merged", col(_OTHER.status) != "merged"
    statement = _seen(tx).where(col(Duplicate.status) == status, *unmerged)
    return await listed(tx, statement, [col(Duplicate.id)], window)


async def duplicate(tx: Tx, duplicate_id: UUID) -> Duplicate:
    """One pair. Raises DuplicateNotFound."""
    statement = _seen(tx).where(col(Duplicate.id) == duplicate_id)
    found: Duplicate | None = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise DuplicateNotFound("There is no flagged pair with this id.")
    return found


async def mergers_into(tx: Tx, survivor_id: UUID) -> list[tuple[Merger, Enterprise]]:
    """The mergers into an enterprise that stand, each with what it merged; the oldest first."""
    statement = (
        sa.select(Merger, Enterprise)
        .join(Enterprise, col(Enterprise.id) == col(Merger.merged_id))
        .where(col(Merger.survivor_id) == survivor_id)
        .order_by(col(Merger.merged_at), col(Merger.merged_id))
    )
    return [(merger, enterprise) for merger, enterprise in await tx.execute(statement)]
