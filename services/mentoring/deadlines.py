"""What time makes mentoring do: what nobody answered is open again, what nobody told is missed."""

from services.mentoring import queries, use_cases
from shared.access.actor import system
from shared.streams.log import Tx


async def take(tx: Tx) -> bool:
    """Do one thing that is due, and say whether there was one."""
    return await _assignment(tx) or await _session(tx)


async def _assignment(tx: Tx) -> bool:
    tx.actor = system("mentoring", "pass_over")
    request = await queries.unanswered(tx)
    if request:
        await use_cases.pass_over(tx, request)
    return request is not None


async def _session(tx: Tx) -> bool:
    tx.actor = system("mentoring", "count_as_missed")
    session = await queries.untold(tx)
    if session:
        await use_cases.count_as_missed(tx, session)
    return session is not None
