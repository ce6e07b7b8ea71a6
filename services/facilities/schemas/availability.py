"""What the API gives of availability."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from services.facilities.models.intervals import Interval
from services.facilities.queries import Occupancy
from shared.events.facilities import FacilityKind


@dataclass(slots=True)
class FreeInterval:
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
    free: list[FreeInterval]

    @classmethod
    def of(cls, occupancy: Occupancy, window: Interval, places: int) -> Self:
        """Show when so many places of a facility are free."""
        free = [FreeInterval(start, end) for start, end in occupancy.free(window, places)]
        facility = occupancy.facility
        return cls(**facility.model_dump(include={*cls.model_fields}), free=free)


class Availability(BaseModel):
    """When the facilities of a unit are free, in the order of their codes."""

    items: list[FreeFacility]
