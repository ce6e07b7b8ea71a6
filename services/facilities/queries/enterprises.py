"""Which ids are one enterprise: those that were merged, until they are taken apart again."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.facilities.copies import EnterpriseCopy
from shared.refusals import NotYetKnown
from shared.streams.log import Tx
from shared.streams.references import heard_of

# From the enterprise asked about up to what it was merged into, and down to all merged there.
_SAME_AS: Final = sa.text("""
WITH RECURSIVE above (id, merged_into) AS (
    SELECT id, merged_into FROM enterprise_copy WHERE id = :id
    UNION
    SELECT e.id, e.merged_into FROM enterprise_copy AS e JOIN above ON e.id = above.merged_into
), same (id) AS (
    SELECT id FROM above
    UNION
    SELECT e.id FROM enterprise_copy AS e JOIN same ON e.merged_into = same.id
)
SELECT id FROM same
""").bindparams(sa.bindparam("id", type_=sa.Uuid))
# It and what it was merged into, in the order in which the worker takes them too.
_HELD: Final = sa.text("""
WITH RECURSIVE above (id, merged_into) AS (
    SELECT id, merged_into FROM enterprise_copy WHERE id = :id
    UNION
    SELECT e.id, e.merged_into FROM enterprise_copy AS e JOIN above ON e.id = above.merged_into
)
SELECT id, status, owner_ids, merged_into FROM enterprise_copy
WHERE id IN (SELECT id FROM above) ORDER BY id FOR SHARE
""").bindparams(sa.bindparam("id", type_=sa.Uuid))
# Only down: who owned what was merged owns its successor too, until that says otherwise.
_OF_PERSON: Final = sa.text("""
WITH RECURSIVE same (id) AS (
    SELECT id FROM enterprise_copy WHERE owner_ids @> ARRAY[:person] AND merged_into IS NULL
    UNION
    SELECT e.id FROM enterprise_copy AS e JOIN same ON e.merged_into = same.id
)
SELECT id FROM same
""").bindparams(sa.bindparam("person", type_=sa.Uuid))


class Enterprise(NamedTuple):
    """What decides about an enterprise here; it is what its id was merged into, if it was."""

    id: UUID
    status: str
    owner_ids: Sequence[UUID]


async def held_enterprise(tx: Tx, enterprise_id: UUID) -> Enterprise:
    """An enterprise as it is now, or its successor; it does not close until this tx is over.

    Enterprises are always locked before facilities. Raises NotYetKnown.
    """
    found = await _held(tx, enterprise_id)
    if found is None:
        await heard_of(tx, EnterpriseCopy, enterprise_id, pointer="/enterprise_id")
        found = await _held(tx, enterprise_id)
    if found is None:
        raise NotYetKnown("The enterprise is being merged. Send the same again.")
    return found


async def _held(tx: Tx, enterprise_id: UUID) -> Enterprise | None:
    rows: dict[UUID, Any] = {row.id: row for row in await tx.execute(_HELD, {"id": enterprise_id})}
    row = rows.get(enterprise_id)
    while row is not None and row.merged_into is not None:
        row = rows.pop(row.merged_into, None)
    return row and Enterprise(row.id, row.status, row.owner_ids)


async def same_as(tx: Tx, enterprise_id: UUID) -> frozenset[UUID]:
    """All ids of one enterprise: its own, and those of all that were merged with it."""
    return frozenset(await tx.scalars(_SAME_AS, {"id": enterprise_id})) | {enterprise_id}


async def enterprises_of(tx: Tx, person_id: UUID | None) -> frozenset[UUID]:
    """The enterprises that a person owns, and those that were merged with one of them."""
    if person_id is None:
        return frozenset()
    return frozenset(await tx.scalars(_OF_PERSON, {"person": person_id}))
