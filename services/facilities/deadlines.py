"""What time makes facilities do: what nobody answered, came to or left, and days of tenancies."""

from services.facilities import queries, use_cases
from shared.access.actor import system
from shared.streams.log import Tx


async def take(tx: Tx) -> bool:
    """Do one thing that is due, and say whether there was one."""
    return await _booking(tx) or await _tenancy(tx)


async def _booking(tx: Tx) -> bool:
    tx.actor = system("facilities", "let_time_act")
    booking = await queries.due_booking(tx)
    if booking:
        await use_cases.let_time_act(tx, booking)
    return booking is not None


async def _tenancy(tx: Tx) -> bool:
    tx.actor = system("facilities", "let_time_act_on_tenancy")
    tenancy = await queries.due_tenancy(tx)
    if tenancy:
        await use_cases.let_time_act_on_tenancy(tx, tenancy)
    return tenancy is not None
