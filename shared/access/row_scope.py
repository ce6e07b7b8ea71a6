"""Tells the database how far the actor reaches, so that guarded tables show nothing beyond.

The policies that read it are made by `shared.migrations.row_security`.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from shared.access.actor import Actor

# For this transaction alone: what is set for the session stays with the connection, and the next
# who borrows it from the pool would see with our eyes.
_SET = sa.text(
    "SELECT now(), set_config('app.scopes', :scopes, true), set_config('app.person', :person, true)"
)


async def scope_rows(tx: AsyncSession, actor: Actor | None) -> datetime | None:
    """Let the transaction see and write guarded rows as far as the actor reaches, until it ends.

    Without an actor it sees none. Return when the transaction began, if the database was asked.
    """
    if actor is None:
        return None
    scopes = ",".join(sorted(map(str, actor.scopes)))
    found = await tx.execute(_SET, {"scopes": scopes, "person": str(actor.person_id or "")})
    began_at: datetime = found.one()[0]
    return began_at
