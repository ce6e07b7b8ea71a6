"""Which ids are one enterprise: those that were merged, until they are taken apart again."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from shared.streams.log import Tx

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
# Only down: who owned what was merged owns its successor too, until that says otherwise.
_OF_PERSON: Final = sa.text("""
WITH RECURSIVE same (id) AS (
    SELECT id FROM enterprise_copy WHERE owner_ids @> ARRAY[:person] AND merged_into IS NULL
    UNION
    SELECT e.id FROM enterprise_copy AS e JOIN same ON e.merged_into = same.id
)
SELECT id FROM same
""").bindparams(sa.bindparam("person", type_=sa.Uuid))


async def same_as(tx: Tx, enterprise_id: UUID) -> frozenset[UUID]:
    """All ids of one enterprise: its own, and those of all that were merged with it."""
    return frozenset(await tx.scalars(_SAME_AS, {"id": enterprise_id})) | {enterprise_id}


async def enterprises_of(tx: Tx, person_id: UUID | None) -> frozenset[UUID]:
    """The enterprises that a person owns, and those that were merged with one of them."""
    if person_id is None:
        return frozenset()
    return frozenset(await tx.scalars(_OF_PERSON, {"person": person_id}))
