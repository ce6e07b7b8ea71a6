"""What facilities says: rooms, machines and places, who has booked them, and who rents them."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.state import ShortCode, State

FacilityKind = Literal[
    "hall",
    "meeting_room",
    "training_room",
    "consultation_room",
    "co_working",
    "studio",
    "machine",
    "incubation_room",
    "display",
    "stall",
]
FacilityStatus = Literal["open", "closed"]
BookingStatus = Literal[
    "pending",
    "confirmed",
    "rejected",
    "checked_in",
    "completed",
    "no_show",
    "cancelled",
    "displaced",
]
BookingReason = Literal[
    "taken",
    "outside_opening_hours",
    "facility_closed",
    "no_such_facility",
    "declined",
    "expired",
    "not_needed",
    "enterprise_closed",
]
"""Why a booking was rejected, cancelled or displaced; expired when nobody answered in time."""
TenancyKind = Literal["incubation", "display", "space"]
"""Incubation by the ministry's rule; products on show; or a desk, stall or room."""
TenancyStatus = Literal["planned", "active", "ended"]
TenancyReason = Literal["expired", "terminated", "enterprise_closed"]
"""Why a tenancy ended: its last day passed, somebody ended it, or the enterprise closed."""


class Slot(BaseModel):
    """A facility at a time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    facility_id: UUID
    starts_at: datetime
    ends_at: datetime


class FacilityState(State):
    """Something of a unit that can be booked, with a number of places that are taken one by one."""

    topic: ClassVar[str] = "facilities.facility.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"registered", "changed", "closed", "reopened"})

    unit_id: UUID
    code: ShortCode
    kind: FacilityKind
    places: int
    status: FacilityStatus


class BookingState(State):
    """One request for one or more facilities at a time: all of them or none.

    `session_id` and `session_revision` name the wish of a mentoring session that it answers;
    `alternatives` are the nearest free slots when it was rejected.
    """

    topic: ClassVar[str] = "facilities.booking.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {
            "requested",
            "confirmed",
            "rejected",
            "checked_in",
            "completed",
            "no_show",
            "cancelled",
            "displaced",
            "moved",
        }
    )

    unit_id: UUID
    facility_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus
    reason: BookingReason | None = None
    enterprise_id: UUID | None = None
    session_id: UUID | None = None
    session_revision: int | None = None
    alternatives: tuple[Slot, ...] = ()


class TenancyState(State):
    """A place of a facility that an enterprise occupies from one day to another, both included."""

    topic: ClassVar[str] = "facilities.tenancy.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"agreed", "started", "ended"})

    unit_id: UUID
    enterprise_id: UUID
    facility_id: UUID
    place: int
    kind: TenancyKind
    starts_on: date
    ends_on: date
    status: TenancyStatus
    reason: TenancyReason | None = None
