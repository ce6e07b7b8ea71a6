"""A tenancy: a place of a facility that an enterprise occupies for a time."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.facilities.errors import DaysImpossible, WrongStatus
from services.facilities.models.intervals import Interval
from services.facilities.models.opening import day_of, midnight
from services.facilities.models.table import Table
from shared.events.facilities import TenancyKind, TenancyReason, TenancyState, TenancyStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate

LONGEST_YEARS: Final = 5
_DAY: Final = timedelta(days=1)


class Tenancy(Table, Aggregate, table=True):
    """From one day to another, both included, by the calendar on the unit's wall.

    At `due_at` it starts or ends by itself.
    """

    __state__: ClassVar[type[State]] = TenancyState
    __table_args__ = (
        sa.Index("tenancy_by_unit", "unit_id", "id"),
        sa.Index("tenancy_by_enterprise", "enterprise_id", "id"),
        sa.Index("tenancy_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    time_zone: str = Field(sa_type=sa.Text)
    enterprise_id: UUID
    facility_id: UUID = Field(foreign_key="facility.id", index=True)
    place: int
    kind: TenancyKind = Field(sa_type=sa.Text)
    starts_on: date
    ends_on: date
    status: TenancyStatus = Field(default="planned", sa_type=sa.Text)
    reason: TenancyReason | None = Field(default=None, sa_type=sa.Text)
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @property
    def during(self) -> Interval:
        """From the midnight before its first day to that after its last."""
        start = midnight(self.starts_on, self.time_zone)
        return Interval(start, midnight(self.ends_on + _DAY, self.time_zone))

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        return () if self.status == "ended" else ("end_tenancy",)

    def agree(self, now: datetime) -> None:
        """Stand until its first day. Raises DaysImpossible."""
        if self.starts_on < day_of(now, self.time_zone):
            raise DaysImpossible("It must start today or later.", pointer="/starts_on")
        if self.ends_on < self.starts_on:
            raise DaysImpossible("It must end on its first day or later.", pointer="/ends_on")
        if self.ends_on.year > self.starts_on.year + LONGEST_YEARS:
            raise DaysImpossible("It must end within five years.", pointer="/ends_on")
        self.due_at = self.during.start

    def end(self, now: datetime, reason: TenancyReason) -> None:
        """End before or at its time; its last day is then today's. Raises WrongStatus."""
        if self.status == "ended":
            raise WrongStatus("The tenancy has ended. Agree a new one for more.")
        if self.status == "active":
            self.ends_on = min(self.ends_on, day_of(now, self.time_zone))
        self.status, self.reason, self.due_at = "ended", reason, None

    def lapse(self, now: datetime) -> None:
        """Let the time act: it starts on its first day and ends after its last."""
        if self.status == "planned":
            self.status, self.due_at = "active", self.during.end
        else:
            self.end(now, "expired")
