"""What the API gives of availability."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from services.facilities.models.intervals import Interval
from services.facilities.queries import Occupancy
from shared.events.facilities import FacilityKind


class FreeInterval(BaseModel):
    """A time at which the places asked for can be used."""

    starts_at: datetime
    ends_at: datetime


class FreeFacility(BaseModel):
    """A facility, and the longest intervals in which it can be booked; they may overlap."""

    id: UUID
    code: str
    name: str
    kind: FacilityKind
    places: int
    free: Sequence[FreeInterval]

    @classmethod
    def of(cls, occupancy: Occupancy, window: Interval, places: int) -> Self:
        """Show when so many places of a facility are free."""
        free = [
            FreeInterval(starts_at=interval.start, ends_at=interval.end)
            for interval in (each.in_utc for each in occupancy.free(window, places))
        ]
        facility = occupancy.facility
        return cls(**facility.model_dump(include={*cls.model_fields}), free=free)


class Availability(BaseModel):
    """When the facilities of a unit are free, in the order of their codes."""

    items: Sequence[FreeFacility]
