"""What a service does with what it hears: keeps a copy and reacts, in the caller's transaction."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.access.actor import system
from shared.database import settle
from shared.events.state import State
from shared.streams.codec import EnvelopeError, Event, from_binary
from shared.streams.copies import Copy, newest_by_key
from shared.streams.kafka import Message
from shared.streams.log import Cause, Tx
from shared.streams.parking import Parked, erases, forget_parked, park, parked_keys
from shared.streams.verdicts import Fork, Verdict, decide

Reaction = Callable[[Tx, Event[Any]], Awaitable[None]]

BEHIND = "it waits behind an earlier event of its key"


@dataclass(frozen=True, slots=True)
class Heard:
    """A record, and what it says or why it says nothing."""

    record: Message
    event: Event[Any] | EnvelopeError

    @classmethod
    def of(cls, copy: Copy[Any], record: Message) -> "Heard":
        """Read a record of the copy's topic."""
        try:
            event = from_binary(copy.state, record.key, record.value, record.headers)
        except EnvelopeError as error:
            return cls(record, error)
        return cls(record, event)


class Hearing:
    """The copies of a service, and what it does about the states that they follow."""

    def __init__(
        self,
        service: str,
        copies: Sequence[Copy[Any]],
        reactions: Mapping[type[State], Reaction] | None = None,
    ) -> None:
        """Raises ValueError when a reaction has no copy to remember what was reacted to."""
        self.service = service
        self.copies = {copy.state.topic: copy for copy in copies}
        self._reactions = dict(reactions or {})
        self.counted = Counter[Verdict]()
        """What was not applied when it came, by verdict, since the process began."""
        if unheard := set(self._reactions) - {copy.state for copy in copies}:
            message = f"no copy for {', '.join(state.topic for state in unheard)}"
            raise ValueError(message)

    async def take(self, tx: Tx, copy: Copy[Any], heard: Sequence[Heard]) -> list[Parked]:
        """Take records as they came; return those that were parked instead.

        Raises whatever a reaction raises, and Fork; then nothing of it may be committed.
        """
        topic = copy.state.topic
        events = [each.event for each in heard if isinstance(each.event, Event)]
        for event in filter(erases, events):
            await forget_parked(tx, topic, event.key, event.position)
        waiting = await parked_keys(tx, topic, {event.key for event in events})
        taken: list[Event[Any]] = []
        parked: list[Parked] = []
        for each in heard:
            verdict = decide(None, each.event, parked=getattr(each.event, "key", None) in waiting)
            if verdict is Verdict.APPLY and isinstance(each.event, Event):
                taken.append(each.event)
                continue
            self.counted[verdict] += 1
            if verdict is not Verdict.IGNORE:
                parked.append(Parked.of(topic, each.record, each.event, BEHIND))
        await park(tx, parked)
        await self.apply(tx, copy, taken)
        return parked

    async def apply(self, tx: Tx, copy: Copy[Any], events: Sequence[Event[Any]]) -> None:
        """Keep the newest states, and react to those that became newer.

        Raises Fork, and whatever a reaction raises.
        """
        if not events:
            return
        applied = await copy.hear(tx, events)
        if len(applied) < len(events):
            await _refuse_forks(tx, copy, events)
        if reaction := self._reactions.get(copy.state):
            newest = newest_by_key(events)
            for key in newest.keys() & applied:
                await self._react(tx, reaction, newest[key])

    async def _react(self, tx: Tx, reaction: Reaction, event: Event[Any]) -> None:
        """React as the service itself; what came of it names this event, and no later one."""
        tx.cause = Cause(event.id, event.correlation)
        tx.actor = system(self.service, getattr(reaction, "__name__", "react"))
        await reaction(tx, event)
        await settle(tx)


async def _refuse_forks(tx: Tx, copy: Copy[Any], events: Sequence[Event[Any]]) -> None:
    positions = await copy.positions(tx, [event.key for event in events])
    for event in events:
        if decide(positions.get(event.key), event) is Verdict.FORK:
            message = f"{copy.state.topic} has two events {event.epoch}/{event.seq} of one key"
            raise Fork(message)
