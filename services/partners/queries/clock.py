"""What time it is: the database's clock decides."""

from datetime import date, datetime

import sqlalchemy as sa

from services.partners.models import day_of
from shared.streams.log import Tx


async def now(tx: Tx) -> datetime:
    """The instant at which this transaction began."""
    instant: datetime = (await tx.execute(sa.select(sa.func.now()))).scalar_one()
    return instant


async def today(tx: Tx) -> date:
    """The day that it is in Jakarta."""
    return day_of(await now(tx))
