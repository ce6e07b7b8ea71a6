"""What time it is: the database's clock decides."""

from datetime import datetime

import sqlalchemy as sa

from shared.streams.log import Tx


async def now(tx: Tx) -> datetime:
    """The instant at which this transaction began."""
    instant: datetime = (await tx.execute(sa.select(sa.func.now()))).scalar_one()
    return instant
