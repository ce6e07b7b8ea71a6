"""What facilities does about what it hears."""

from collections.abc import Mapping
from uuid import UUID

from services.facilities.use_cases import answer_session, free_future_if_closed
from shared.access.actor import system
from shared.events.mentoring import SessionState
from shared.events.registry import EnterpriseState
from shared.events.state import State
from shared.streams.codec import Event
from shared.streams.log import Tx
from shared.streams.reactions import Reaction


async def give_it_a_room(tx: Tx, event: Event[SessionState]) -> None:
    """Let a session have the room it wants, or hear why not; free what it wants no more."""
    if event.data is not None:
        tx.actor = system("facilities", "give_it_a_room")
        await answer_session(tx, event.data)


async def free_its_future(tx: Tx, event: Event[EnterpriseState]) -> None:
    """Free what an enterprise has booked and leased once it closed, or joined one that had."""
    if event.data is None or event.data.status != "active":
        tx.actor = system("facilities", "free_its_future")
        await free_future_if_closed(tx, UUID(event.key))


REACTIONS: Mapping[type[State], Reaction] = {
    SessionState: give_it_a_room,
    EnterpriseState: free_its_future,
}
