"""A facility: a room, machine or place of a unit, and when it can be used."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.facilities.errors import FacilityClosed, FacilityOpen, NothingChanged
from services.facilities.models.free import Buffers
from services.facilities.models.intervals import Interval, without
from services.facilities.models.opening import Opening, open_intervals
from services.facilities.models.table import Table
from shared.events.facilities import BookingReason, FacilityKind, FacilityState, FacilityStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate

Approval = Literal["automatic", "officer"]
"""Whether a booking is confirmed by itself, or by the facility officer."""


class Facility(Table, Aggregate, table=True):
    """Something of a unit that can be booked; its places are numbered from 1 on.

    `hours` are its opening hours as `Opening.read` takes them; buffers are minutes that must lie
    between two uses of a place.
    """

    __state__: ClassVar[type[State]] = FacilityState
    __table_args__ = (sa.UniqueConstraint("unit_id", "code"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    time_zone: str = Field(sa_type=sa.Text)
    code: str = Field(sa_type=sa.Text)
    name: str = Field(sa_type=sa.Text)
    kind: FacilityKind = Field(sa_type=sa.Text)
    places: int
    hours: list[dict[str, Any]] = Field(sa_type=JSONB)
    buffer_before: int = 0
    buffer_after: int = 0
    approval: Approval = Field(default="automatic", sa_type=sa.Text)
    status: FacilityStatus = Field(default="open", sa_type=sa.Text)

    @property
    def buffers(self) -> Buffers:
        """The time that a use takes before and after it."""
        return Buffers(timedelta(minutes=self.buffer_before), timedelta(minutes=self.buffer_after))

    def open_operations(self, *, leased: bool) -> tuple[str, ...]:
        """What its state allows, and whether a place of it is leased."""
        if self.status == "closed":
            return ("reopen_facility",)
        close = () if leased else ("close_facility",)
        return ("change_facility", *close, "add_closure", "request_booking", "agree_tenancy")

    def change(self, changes: Mapping[str, Any]) -> None:
        """Be otherwise from now on; what is booked stays. Raises FacilityClosed, NothingChanged."""
        self.refuse_if_closed()
        if all(getattr(self, name) == value for name, value in changes.items()):
            raise NothingChanged("It is so already; name something that becomes different.")
        for name, value in changes.items():
            setattr(self, name, value)

    def close(self) -> None:
        """Be out of use until it is reopened. Raises FacilityClosed."""
        self.refuse_if_closed()
        self.status = "closed"

    def reopen(self) -> None:
        """Be in use again. Raises FacilityOpen."""
        if self.status != "closed":
            raise FacilityOpen("Only a closed facility can be reopened.")
        self.status = "open"

    def refuse_if_closed(self) -> None:
        """Raise FacilityClosed when it is."""
        if self.status == "closed":
            raise FacilityClosed("The facility is closed. Reopen it first.")

    def usable(self, window: Interval, closures: Iterable[Interval]) -> list[Interval]:
        """When it can be used within a window, whoever may have it then."""
        if self.status == "closed":
            return []
        openings = [Opening.read(kept) for kept in self.hours]
        return without(open_intervals(openings, self.time_zone, window), closures)

    def unusable(self, use: Interval) -> BookingReason | None:
        """Why it can never be used at such a time; None when it can, but for its closures."""
        if self.status == "closed":
            return "facility_closed"
        return None if self.usable(use, ()) == [use] else "outside_opening_hours"


class Closure(Table, table=True):
    """A time in which a facility cannot be used, and why in the words of who closed it."""

    __table_args__ = (
        sa.Index("closure_by_facility", "facility_id", "ends_at"),
        sa.CheckConstraint("starts_at < ends_at", name="closure_interval"),
    )

    id: UUID = Field(primary_key=True)
    facility_id: UUID = Field(foreign_key="facility.id")
    starts_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    reason: str = Field(sa_type=sa.Text)

    @property
    def interval(self) -> Interval:
        """How long it lasts."""
        return Interval(self.starts_at, self.ends_at)
