"""What mentoring does about what it hears."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.mentoring import queries, use_cases
from shared.access.actor import system
from shared.events.facilities import BookingState
from shared.events.partners import ReferralState
from shared.events.registry import EnterpriseState, VisitState
from shared.events.state import State
from shared.streams.codec import Event
from shared.streams.log import Tx
from shared.streams.reactions import Reaction


async def follow_visit(tx: Tx, event: Event[VisitState]) -> None:
    """A visit that needs mentoring → a request; a visit corrected → the request that fits it."""
    if event.data is not None:
        tx.actor = system("mentoring", "follow_visit")
        await use_cases.follow_visit(tx, event.data)


async def hear_of_room(tx: Tx, event: Event[BookingState]) -> None:
    """A room given, refused or lost → the session that wants it knows."""
    if event.data is not None:
        tx.actor = system("mentoring", "hear_of_room")
        await use_cases.hear_of_room(tx, event.data)


async def claim_of_referral(tx: Tx, event: Event[ReferralState]) -> None:
    """A referral completed → its result is claimed as an outcome of the case."""
    if event.data is not None and event.data.status == "completed":
        tx.actor = system("mentoring", "claim_of_referral")
        await use_cases.claim_of_referral(tx, event.data)


async def end_with_enterprise(tx: Tx, event: Event[EnterpriseState]) -> None:
    """Enterprise closed, or merged into a closed one → its requests and sessions to come end."""
    enterprise_id, state = UUID(event.key), event.data
    if state is not None and state.status == "active":
        return
    if state is None or await queries.status_of(tx, enterprise_id) == "closed":
        tx.actor = system("mentoring", "end_with_enterprise")
        await use_cases.end_with_enterprise(tx, enterprise_id)


REACTIONS: Final[Mapping[type[State], Reaction]] = {
    VisitState: follow_visit,
    BookingState: hear_of_room,
    ReferralState: claim_of_referral,
    EnterpriseState: end_with_enterprise,
}
