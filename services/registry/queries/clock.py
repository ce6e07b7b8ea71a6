"""What time it is, by the database, whose clock every service of it shares."""

from datetime import datetime

import sqlalchemy as sa

from shared.streams.log import Tx


async def now(tx: Tx) -> datetime:
    """The beginning of this transaction."""
    return (await tx.execute(sa.select(sa.func.now()))).scalar_one()
