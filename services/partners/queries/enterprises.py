"""What partners has heard of units, enterprises and consents; merged enterprises are one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.partners.copies import ConsentCopy, EnterpriseCopy, UnitCopy
from shared.events.registry import ConsentField, ConsentPurpose, ConsentStatus, SizeClass
from shared.streams.log import Tx
from shared.streams.references import LONGEST_CHAIN


class Enterprise(NamedTuple):
    """What decides about an enterprise here; it is what its id was merged into, if it was."""

    id: UUID
    trade_name: str
    unit_id: UUID
    village_code: str
    kbli: str
    size_class: SizeClass
    status: str


class Consent(NamedTuple):
    """A consent as it was heard of."""

    id: UUID
    enterprise_id: UUID
    recipient_id: UUID
    purpose: ConsentPurpose
    fields: Sequence[ConsentField]
    until: datetime
    status: ConsentStatus


_CARD = [EnterpriseCopy.table.c[name] for name in Enterprise._fields]
_SUCCESSOR = EnterpriseCopy.table.c.merged_into


async def regions_of(tx: Tx, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """The codes of these units' regions, as far as the units have been heard of."""
    unit = UnitCopy.table.c
    rows = await tx.execute(sa.select(unit.id, unit.region_code).where(unit.id.in_(unit_ids)))
    return {row.id: row.region_code for row in rows}


async def held_enterprise(tx: Tx, enterprise_id: UUID, consent_id: UUID) -> Enterprise | None:
    """An enterprise as it is now, or its successor; it stays so until this transaction is over.

    So does the enterprise of the consent, whose id may be another one that was merged with it.
    None when one of them has not been heard of.
    """
    consent = ConsentCopy.table.c
    consenting = sa.select(consent.enterprise_id).where(consent.id == consent_id)
    named = sa.union_all(sa.select(sa.literal(enterprise_id, sa.Uuid)), consenting)
    chain: sa.Select[Any] = _upward(named).with_only_columns(sa.column("id"))
    rows = await tx.execute(
        sa.select(*_CARD, _SUCCESSOR)
        .where(EnterpriseCopy.table.c.id.in_(chain))
        .order_by(EnterpriseCopy.table.c.id)
        .with_for_update(read=True)
    )
    return _end_of_chain(enterprise_id, {row.id: row for row in rows})


async def enterprises(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Enterprise]:
    """For each of these ids the enterprise, or its successor, as far as they were heard of."""
    rows = await tx.execute(_upward(ids))
    known = {row.id: row for row in rows}
    found = {key: _end_of_chain(key, known) for key in ids}
    return {key: enterprise for key, enterprise in found.items() if enterprise is not None}


async def one_with(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these ids all that were merged into it, over however many steps, and itself."""
    copy = EnterpriseCopy.table
    roots = sa.func.unnest(sa.cast(list(ids), sa.ARRAY(sa.Uuid))).column_valued("root")
    family = sa.select(roots.label("root"), roots.label("id")).cte("family", recursive=True)
    merged = sa.select(family.c.root, copy.c.id).join(family, copy.c.merged_into == family.c.id)
    everyone = family.union(merged)
    found: dict[UUID, set[UUID]] = {}
    for root, key in await tx.execute(sa.select(everyone.c.root, everyone.c.id)):
        found.setdefault(root, set()).add(key)
    return found


async def kindred(tx: Tx, enterprise_id: UUID) -> set[UUID]:
    """All ids that are one with an enterprise's: its successor's, and what was merged into that.

    A successor counts also before it has been heard of itself.
    """
    merged_into = {row.id: row.merged_into for row in await tx.execute(_upward([enterprise_id]))}
    last = enterprise_id
    while successor := merged_into.pop(last, None):
        last = successor
    return (await one_with(tx, [last]))[last] | {enterprise_id}


async def held_consent(tx: Tx, consent_id: UUID) -> Consent | None:
    """A consent as it is now; it is not withdrawn until this transaction is over."""
    copy = ConsentCopy.table.c
    columns = [copy[name] for name in Consent._fields]
    statement = sa.select(*columns).where(copy.id == consent_id).with_for_update(read=True)
    row = (await tx.execute(statement)).one_or_none()
    return Consent(*row) if row else None


async def consents_for(
    tx: Tx, recipient_id: UUID, purpose: ConsentPurpose, enterprise_ids: Collection[UUID]
) -> Sequence[Consent]:
    """The consents in force of these enterprises that a recipient sees something for a purpose."""
    copy = ConsentCopy.table.c
    statement = sa.select(*(copy[name] for name in Consent._fields)).where(
        copy.recipient_id == recipient_id,
        copy.enterprise_id.in_(enterprise_ids),
        copy.purpose == purpose,
        copy.status == "granted",
        copy.until > sa.func.now(),
    )
    return [Consent(*row) for row in await tx.execute(statement.order_by(copy.until, copy.id))]


def _upward(ids: Collection[UUID] | sa.CompoundSelect[UUID]) -> sa.Select[Any]:
    """These enterprises, and what they were merged into, over some steps."""
    copy = EnterpriseCopy.table
    columns = [*_CARD, _SUCCESSOR]
    start = sa.select(*columns, sa.literal(0).label("step")).where(copy.c.id.in_(ids))
    chain = start.cte("chain", recursive=True)
    further = (
        sa.select(*columns, chain.c.step + 1)
        .join(chain, copy.c.id == chain.c.merged_into)
        .where(chain.c.step < LONGEST_CHAIN)
    )
    return sa.select(chain.union(further))


def _end_of_chain(key: UUID, known: dict[UUID, Any]) -> Enterprise | None:
    for _ in range(LONGEST_CHAIN):
        row = known.get(key)
        if row is None or row.merged_into is None:
            return row and Enterprise(*row[: len(Enterprise._fields)])
        key = row.merged_into
    return None
