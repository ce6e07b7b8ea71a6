"""What the API takes and gives of bookings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from services.facilities.models import Booking
from services.facilities.models.intervals import Interval
from services.facilities.schemas.facilities import Places
from shared.access.web import Asker
from shared.events.facilities import BookingReason, BookingStatus, Slot
from shared.instants import Instant
from shared.text import Line, measured, text_schema
from shared.web.bodies import Command

Purpose = Annotated[Line, measured(1, 200), text_schema(1, 200)]
"""What it is for, in the words of who asks."""

_TIMES: Final[JsonDict] = {
    "starts_at": "2026-12-01T09:00:00+07:00",
    "ends_at": "2026-12-01T11:00:00+07:00",
}
_EXAMPLE: Final[JsonDict] = {
    "facilities": [{"facility_id": "6f2b8f0e-7a51-5c39-9d2f-0f6f6b6a3f01", "places": 1}],
    **_TIMES,
    "enterprise_id": "0198c0de-0000-7000-8000-0000000000aa",
    "purpose": "Latihan foto produk",
}


class _Use(Command):
    starts_at: Instant
    ends_at: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_at >= self.ends_at:
            raise PydanticCustomError("interval_order", "It ends after it starts")
        return self

    @property
    def use(self) -> Interval:
        """When it is to be used."""
        return Interval(self.starts_at, self.ends_at).in_utc


class WantedFacility(Command):
    """Some places of a facility."""

    facility_id: UUID
    places: Places = 1


class RequestBooking(_Use):
    """Book facilities of one unit for the same time, all of them or none.

    Without an enterprise it is for the unit itself.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    facilities: Annotated[list[WantedFacility], Field(min_length=1, max_length=10)]
    enterprise_id: UUID | None = None
    purpose: Purpose

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(self.counts) < len(self.facilities):
            raise PydanticCustomError("facility_twice", "Name each facility once")
        return self

    @property
    def counts(self) -> Mapping[UUID, int]:
        """How many places of each facility."""
        return {wanted.facility_id: wanted.places for wanted in self.facilities}


class MoveBooking(_Use):
    """Have what is booked at another time."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TIMES]})


class BookedFacility(BaseModel):
    """A facility that is booked, and which of its places, by their numbers."""

    facility_id: UUID
    places: Sequence[int]


class BookingView(BaseModel):
    """A booking, and what whoever asks may do with it now.

    `session_id` names the mentoring session that it is for, `alternatives` the nearest times at
    which that one could have a room when this was rejected.
    """

    id: UUID
    unit_id: UUID
    enterprise_id: UUID | None
    purpose: str | None
    facilities: Sequence[BookedFacility]
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus
    reason: BookingReason | None
    session_id: UUID | None
    alternatives: Sequence[Slot]
    due_at: datetime | None
    actions: list[str]

    @classmethod
    def of(cls, booking: Booking, asker: Asker, own: Collection[UUID], now: datetime) -> Self:
        """Show a booking as it is now to somebody whose own these enterprises are."""
        person = asker.actor.person_id
        actions = asker.actions(
            booking.open_operations(now),
            unit=booking.unit_id,
            region=booking.region_code,
            enterprise=booking.enterprise_id,
            persons=[person] if person and booking.enterprise_id in own else [],
        )
        facts: dict[str, Any] = booking.model_dump(include={*cls.model_fields})
        facilities = [BookedFacility.model_validate(line) for line in booking.lines]
        return cls(**facts, facilities=facilities, actions=actions)
