"""What facilities refuses to do."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from shared.events.facilities import BookingReason, Slot
from shared.refusals import Conflict, Invalid, NotFound


class FacilityNotFound(NotFound):
    """No facility has this id."""

    title = "No such facility"


class ClosureNotFound(NotFound):
    """The facility has no closure with this id."""

    title = "No such closure"


class BookingNotFound(NotFound):
    """No booking has this id, or it is none of the actor's."""

    title = "No such booking"


class TenancyNotFound(NotFound):
    """No tenancy has this id, or it is none of the actor's."""

    title = "No such tenancy"


class FacilityUnknown(Invalid):
    """A facility is named that there is not."""

    title = "No such facility"


class FacilitiesApart(Invalid):
    """The facilities of one booking belong to one unit."""

    title = "Facilities of several units"


class TooManyPlaces(Invalid):
    """More places are wanted than the facility has, or one that it has not."""

    title = "More places than there are"


class TimeImpossible(Invalid):
    """The time wanted is over, too far ahead, too short or too long."""

    title = "Not a time that can be booked"


class DaysImpossible(Invalid):
    """The days of a tenancy are over, or in the wrong order."""

    title = "Not days that can be agreed"


class WindowTooWide(Invalid):
    """A question about more time than is answered at once."""

    title = "Too long a time"


class NothingChanged(Invalid):
    """The change asks for what is already so."""

    title = "Nothing to change"


class CodeTaken(Conflict):
    """The unit has a facility with this code."""

    title = "The code is taken"


class FacilityClosed(Conflict):
    """A closed facility is changed by nothing but reopening it."""

    title = "The facility is closed"


class FacilityOpen(Conflict):
    """Only a closed facility can be reopened."""

    title = "The facility is open"


class PlacesInUse(Conflict):
    """Places that are booked or leased cannot be taken away."""

    title = "Places are in use"


class EnterpriseClosed(Conflict):
    """An enterprise that ceased business books and leases nothing."""

    title = "The enterprise is closed"


class BeyondFairUse(Conflict):
    """The enterprise has as many open bookings as one may have at a time."""

    title = "Too many open bookings"


class WrongStatus(Conflict):
    """The booking or tenancy is not in the status that this starts from."""

    title = "Its status does not allow it"


class FollowsSession(Conflict):
    """A mentoring session's booking is where and when the session is."""

    title = "It follows its session"


class TooEarly(Conflict):
    """What is booked has not begun."""

    title = "Too early"


class PlaceTaken(Conflict):
    """The place is booked or leased on one of these days."""

    title = "The place is taken"


REFUSALS: Final[Mapping[BookingReason, str]] = {
    "taken": "It is taken at that time. Choose another, such as one of the alternatives.",
    "outside_opening_hours": "It is not open then. Choose a time within its opening hours.",
    "facility_closed": "It is closed at that time. Choose another time or another facility.",
}
"""What is said for each reason why it is not free."""


class NotFree(Conflict):
    """It cannot be booked at that time; `alternatives` are the nearest times when it can."""

    reason: ClassVar[BookingReason]

    def __init__(self, alternatives: Sequence[Slot]) -> None:
        super().__init__(REFUSALS[self.reason])
        self.alternatives = tuple(alternatives)
        self.members = {"alternatives": [slot.model_dump(mode="json") for slot in alternatives]}


class SlotTaken(NotFree):
    """Someone else has it at that time."""

    title = "Taken"
    reason = "taken"


class OutsideOpeningHours(NotFree):
    """The facility is not open at that time of the week."""

    title = "Outside the opening hours"
    reason = "outside_opening_hours"


class FacilityShut(NotFree):
    """The facility is closed, for good or at that time."""

    title = "Closed at that time"
    reason = "facility_closed"


NOT_FREE: Final[Mapping[BookingReason, type[NotFree]]] = {
    kind.reason: kind for kind in (SlotTaken, OutsideOpeningHours, FacilityShut)
}
"""How each reason for which something cannot be booked is told to a client."""
