"""How the name of an enterprise, which was its erased owner's, leaves the log."""

from services.registry.models import ERASED_NAME, ErasedName
from shared.events.registry import EnterpriseState
from shared.streams.blanking import blank
from shared.streams.log import Tx


async def take_out_name(tx: Tx, erased: ErasedName) -> None:
    """Blank the name in all events that were said before it was erased."""
    key = str(erased.enterprise_id)
    await blank(tx, EnterpriseState.topic, key, erased.seq, {"trade_name": ERASED_NAME})
    await tx.delete(erased)
