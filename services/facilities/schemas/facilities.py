"""What the API takes and gives of facilities and their closures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from services.facilities.models import Closure, Facility
from services.facilities.models.facility import Approval
from services.facilities.models.intervals import Interval
from services.facilities.models.opening import Opening, minutes
from shared.access.web import Asker
from shared.events.facilities import FacilityKind, FacilityStatus
from shared.events.state import ShortCode
from shared.instants import Instant
from shared.text import Line, measured, named, text_schema
from shared.web.bodies import Command

Name = Annotated[Line, AfterValidator(named), measured(1, 120), text_schema(1, 120)]
Reason = Annotated[Line, measured(1, 200), text_schema(1, 200)]
"""Why something is closed, in the words of who closes it."""
Places = Annotated[int, Field(ge=1, le=500)]
Minutes = Annotated[int, Field(ge=0, le=240)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""The time of day on the unit's wall."""
ClockOrMidnight = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]

_WEEKDAYS: Final = (1, 2, 3, 4, 5)
_EXAMPLE: Final[JsonDict] = {
    "unit_id": "209ec504-3987-5fa6-8ad7-c117b48f5969",
    "code": "R-201",
    "name": "Ruang Konsultasi Lantai 2",
    "kind": "consultation_room",
    "places": 1,
    "hours": [{"weekday": day, "opens": "08:00", "closes": "16:00"} for day in _WEEKDAYS],
    "buffer_before": 0,
    "buffer_after": 15,
    "approval": "automatic",
}


class OpeningHours(Command):
    """Open on a day of the week (Monday is 1) from one time of day to another."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    opens: Clock
    closes: ClockOrMidnight

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if minutes(self.opens) >= minutes(self.closes):
            raise PydanticCustomError("hours_order", "It opens before it closes")
        return self


def _apart(hours: list[OpeningHours]) -> list[OpeningHours]:
    openings = sorted(Opening.read(each.model_dump()) for each in hours)
    for one, other in pairwise(openings):
        if one.weekday == other.weekday and one.closes > other.opens:
            raise PydanticCustomError("hours_overlap", "Opening hours of one day do not overlap")
    return hours


Hours = Annotated[list[OpeningHours], Field(min_length=1, max_length=28), AfterValidator(_apart)]


class RegisterFacility(Command):
    """Let something of a unit be booked.

    Buffers are minutes that stay free before and after each use of a place.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    unit_id: UUID
    code: ShortCode
    name: Name
    kind: FacilityKind
    places: Places
    hours: Hours
    buffer_before: Minutes = 0
    buffer_after: Minutes = 0
    approval: Approval = "automatic"

    def kept(self) -> Mapping[str, Any]:
        """What the table keeps of it."""
        return self.model_dump() | {"hours": [each.model_dump() for each in self.hours]}


class ChangeFacility(Command):
    """Change a facility; what is left out stays, and what is booked stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"places": 12, "buffer_after": 30}]})

    name: Name | None = None
    places: Places | None = None
    hours: Hours | None = None
    buffer_before: Minutes | None = None
    buffer_after: Minutes | None = None
    approval: Approval | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.kept():
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        return self

    def kept(self) -> Mapping[str, Any]:
        """What the table is to keep of it."""
        return self.model_dump(exclude_none=True)


class AddClosure(Command):
    """Close a facility for a time; what is booked in it then is displaced."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "starts_at": "2026-12-01T08:00:00+07:00",
                    "ends_at": "2026-12-02T16:00:00+07:00",
                    "reason": "Perbaikan pendingin udara",
                }
            ]
        }
    )

    starts_at: Instant
    ends_at: Instant
    reason: Reason

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_at >= self.ends_at:
            raise PydanticCustomError("interval_order", "It ends after it starts")
        return self

    @property
    def interval(self) -> Interval:
        """How long it is to last."""
        return Interval(self.starts_at, self.ends_at).in_utc


class FacilityView(BaseModel):
    """A facility, and what whoever asks may do with it now."""

    id: UUID
    unit_id: UUID
    code: str
    name: str
    kind: FacilityKind
    places: int
    hours: Sequence[OpeningHours]
    time_zone: str
    buffer_before: int
    buffer_after: int
    approval: Approval
    status: FacilityStatus
    actions: list[str]

    @classmethod
    def of(cls, facility: Facility, asker: Asker, leased: Collection[UUID]) -> Self:
        """Show a facility to somebody, knowing which are leased."""
        actions = asker.actions(
            facility.open_operations(leased=facility.id in leased),
            unit=facility.unit_id,
            region=facility.region_code,
        )
        return cls(**facility.model_dump(include={*cls.model_fields}), actions=actions)


class ClosureView(BaseModel):
    """A time in which a facility cannot be used."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    facility_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str

    @classmethod
    def of(cls, closure: Closure) -> Self:
        """Show a closure."""
        return cls.model_validate(closure)
