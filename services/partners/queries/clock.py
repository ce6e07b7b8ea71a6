"""What day it is: the database's clock decides."""

from datetime import date

from services.partners.models import day_of
from shared.streams.log import Tx


async def today(tx: Tx) -> date:
    """The day that it is in Jakarta."""
    return day_of(await tx.now())
