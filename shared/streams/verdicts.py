"""What to do with an event, and with an event that cannot be taken: decisions, without any doing.

An outage holds the partition, since it would fail every key alike; whatever else fails parks its
own key, and the others go on.
"""

import random
from enum import Enum
from typing import Any, Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.refusals import NotYetKnown, Unavailable
from shared.sentences import Spoken
from shared.streams.codec import EnvelopeError, Event, UnknownType

Position = tuple[int, int, Any]
"""Epoch, sequence and event id that something was last heard with."""


class Verdict(Enum):
    """What an event is to those who hear it."""

    APPLY = "apply"
    DUPLICATE = "duplicate"
    STALE = "stale"
    FORK = "fork"
    PARKED = "parked"
    """An earlier event of its key waits; it waits behind it."""
    POISON = "poison"
    """No event of this topic, and never one until somebody repairs it."""
    IGNORE = "ignore"
    """Of a type that this version does not know, in a major that it does."""


class Failure(Enum):
    """Why an event could not be taken."""

    OUTAGE = "outage"
    NOT_YET = "not_yet"
    FORK = "fork"
    FAULT = "fault"


class Fork(Spoken):
    """Two events claim one position of one aggregate: a log was rolled back behind our back."""


def decide(
    position: Position | None, event: Event[Any] | EnvelopeError, *, parked: bool = False
) -> Verdict:
    """Judge an event by where its copy stands, and by whether its key is parked.

    A gap in the sequence is normal on a state topic. An event of a parked key is judged by its
    position only when its turn has come.
    """
    if isinstance(event, EnvelopeError):
        return Verdict.IGNORE if isinstance(event, UnknownType) else Verdict.POISON
    if parked:
        return Verdict.PARKED
    if position is None or event.position > position[:2]:
        return Verdict.APPLY
    if event.position < position[:2]:
        return Verdict.STALE
    return Verdict.DUPLICATE if event.id == position[2] else Verdict.FORK


_CLASSES_OF_OUTAGES: Final = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""SQLSTATE (PostgreSQL, appendix A): connection, read-only after a fail-over, serialization and
deadlock, resources, a lock not got, the operator's intervention, the system."""


def failure_of(error: BaseException) -> Failure:
    """Tell an outage, which time heals, from what is wrong with this very event."""
    if isinstance(error, Fork):
        return Failure.FORK
    if isinstance(error, NotYetKnown):
        return Failure.NOT_YET
    if isinstance(error, Unavailable | PoolTimeout | OSError | TimeoutError):
        return Failure.OUTAGE
    if isinstance(error, DBAPIError):
        return Failure.OUTAGE if _of_the_database(error) else Failure.FAULT
    return Failure.FAULT


def _of_the_database(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    led: BaseException | None = error
    while led is not None:
        if isinstance(led, OSError | TimeoutError):
            return True
        state = getattr(led, "sqlstate", None)
        if isinstance(state, str):
            return state[:2] in _CLASSES_OF_OUTAGES
        led = getattr(led, "orig", None) or led.__cause__
    return _lost(error)


def _lost(error: DBAPIError) -> bool:
    """Whether the driver itself complains, which it does of a connection and not of a row."""
    return type(error).__name__ == "InterfaceError"


LONGEST_WAIT: Final = 30.0
"""Seconds for which a reference that was not heard of yet may hold its partition."""
QUICK_PAUSES: Final = (0.05, 0.1, 0.2)
"""Seconds before each of the tries in place, before a key is parked."""
_SHORTEST_HOLD: Final = 0.1
_LONGEST_HOLD: Final = 30.0
_SHORTEST_REST: Final = 1.0
_LONGEST_REST: Final = 600.0


def hold_for(attempts: int) -> float:
    """Seconds until a held partition is tried again, 0.1 to 30, the first try being number 1."""
    return _jittered(min(_LONGEST_HOLD, _SHORTEST_HOLD * 2 ** min(attempts, 12)))


def rest_for(attempts: int) -> float:
    """Seconds until a parked key is tried again, 1 to 600, after so many attempts in vain."""
    return _jittered(min(_LONGEST_REST, _SHORTEST_REST * 2 ** min(attempts, 12)))


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 (jitter)
