"""What time makes partners do: agreements end, opportunities close, referrals run out."""

from services.partners import queries, use_cases
from shared.access.actor import system
from shared.streams.log import Tx


async def take(tx: Tx) -> bool:
    """Do one thing that is due, and say whether there was one."""
    return await _end_agreement(tx) or await _close_opportunity(tx) or await _run_out(tx)


async def _end_agreement(tx: Tx) -> bool:
    tx.actor = system("partners", "end_agreement")
    agreement = await queries.agreement_due(tx)
    if agreement:
        await use_cases.finish_agreement(tx, agreement)
    return agreement is not None


async def _close_opportunity(tx: Tx) -> bool:
    tx.actor = system("partners", "close_opportunity")
    opportunity = await queries.opportunity_due(tx)
    if opportunity:
        await use_cases.pass_deadline(tx, opportunity)
    return opportunity is not None


async def _run_out(tx: Tx) -> bool:
    tx.actor = system("partners", "run_out")
    place = await queries.referral_due(tx)
    if place:
        await use_cases.run_out(tx, place)
    return place is not None
