"""When a booking may be, how long something is waited for, and when time acts on it."""

from datetime import datetime, timedelta
from typing import Final

from services.facilities.errors import TimeImpossible
from services.facilities.models.intervals import Interval
from shared.events.facilities import BookingStatus

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=7)
FURTHEST: Final = timedelta(days=366)
"""How far ahead a booking may begin."""
ANSWER: Final = timedelta(hours=48)
"""How long a booking waits for the officer's answer, though never past its beginning."""
GRACE: Final = timedelta(minutes=30)
"""How long a place is kept for who does not come, and how early one may come."""
REPORT: Final = timedelta(days=3)
"""How long after a session its booking waits to hear of it; mentoring itself gives up earlier."""


def due_at(
    status: BookingStatus, use: Interval, now: datetime, *, for_session: bool
) -> datetime | None:
    """When time acts on a booking that is in a status since now; None when it never does."""
    match status:
        case "pending":
            return min(now + ANSWER, use.start)
        case "confirmed" if for_session:
            return use.end + REPORT
        case "confirmed":
            return min(use.start + GRACE, use.end)
        case "checked_in":
            return use.end
    return None


def refuse_impossible(use: Interval, now: datetime) -> None:
    """Raise TimeImpossible for a time that is over, too far ahead, too short or too long."""
    if use.start <= now:
        raise TimeImpossible("It must begin in the future.", pointer="/starts_at")
    if use.start > now + FURTHEST:
        raise TimeImpossible("It must begin within a year.", pointer="/starts_at")
    if use.length < SHORTEST:
        raise TimeImpossible("It must last five minutes or longer.", pointer="/ends_at")
    if use.length > LONGEST:
        raise TimeImpossible("It must last seven days or less.", pointer="/ends_at")
