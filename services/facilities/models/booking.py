"""A booking: one request for places of one or more facilities at a time, and what becomes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.facilities.errors import FollowsSession, TooEarly, WrongStatus
from services.facilities.models.booking_times import GRACE, due_at
from services.facilities.models.intervals import Interval
from services.facilities.models.table import Table
from shared.events.facilities import BookingReason, BookingState, BookingStatus, Slot
from shared.events.state import State
from shared.streams.aggregate import Aggregate

HOLDING: Final = ("pending", "confirmed", "checked_in")
"""The statuses in which a booking keeps its places; one that is only asked for keeps them too."""
Lines = Mapping[UUID, Sequence[int]]
"""The places of each facility, by their numbers."""

_ENDS: Final[Mapping[BookingStatus, tuple[BookingStatus, ...]]] = {
    "confirmed": ("pending",),
    "rejected": ("pending",),
    "checked_in": ("confirmed",),
    "completed": ("confirmed", "checked_in"),
    "no_show": ("confirmed",),
    "cancelled": ("pending", "confirmed"),
    "displaced": HOLDING,
}
"""From which statuses each other is reached."""
REFUSALS: Final[Mapping[BookingStatus, str]] = {
    "confirmed": "Only a pending booking can be confirmed.",
    "rejected": "Only a pending booking can be rejected.",
    "checked_in": "Only a confirmed booking can be checked in.",
    "completed": "Only a confirmed or checked-in booking can be completed.",
    "no_show": "Only a confirmed booking can be missed.",
    "cancelled": "Only a pending or confirmed booking can be cancelled.",
    "displaced": "Only a booking that holds places can be displaced.",
}
"""What is said when a status cannot be reached."""
_OPEN: Final[Mapping[BookingStatus, tuple[str, ...]]] = {
    "pending": ("confirm_booking", "reject_booking", "move_booking", "cancel_booking"),
    "confirmed": ("check_in_booking", "complete_booking", "move_booking", "cancel_booking"),
    "checked_in": ("complete_booking",),
}


class Booking(Table, Aggregate, table=True):
    """Places of facilities of one unit from `starts_at` to `ends_at`, all of them or none.

    `session_id` and `session_revision` name the wish of a mentoring session that it answers, each
    once. At `due_at` time acts on it: see `lapse`.
    """

    __state__: ClassVar[type[State]] = BookingState
    __table_args__ = (
        sa.UniqueConstraint("session_id", "session_revision"),
        sa.Index("booking_by_unit", "unit_id", "starts_at", "id"),
        sa.Index("booking_by_enterprise", "enterprise_id", "starts_at", "id"),
        sa.Index(
            "booking_by_facility",
            "lines",
            postgresql_using="gin",
            postgresql_ops={"lines": "jsonb_path_ops"},
        ),
        sa.Index("booking_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    enterprise_id: UUID | None = None
    purpose: str | None = Field(default=None, sa_type=sa.Text)
    starts_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    # Copied for each row; of a factory pydantic would read the signature each time, in 0.4 ms.
    lines: list[dict[str, Any]] = Field(default=[], sa_type=JSONB)
    status: BookingStatus = Field(sa_type=sa.Text)
    reason: BookingReason | None = Field(default=None, sa_type=sa.Text)
    session_id: UUID | None = None
    session_revision: int | None = None
    alternatives: list[dict[str, Any]] = Field(default=[], sa_type=JSONB)
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @property
    def use(self) -> Interval:
        """When it is used, buffers left out."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def facility_ids(self) -> tuple[UUID, ...]:
        """The facilities, in the order of their ids."""
        return tuple(UUID(line["facility_id"]) for line in self.lines)

    @property
    def holds(self) -> bool:
        """Whether it keeps its places."""
        return self.status in HOLDING

    def open_operations(self, now: datetime) -> tuple[str, ...]:
        """What its state allows at this time."""
        allowed = {
            "move_booking": self.session_id is None,
            "check_in_booking": now >= self.starts_at - GRACE,
            "complete_booking": now >= self.starts_at,
            "cancel_booking": now < self.starts_at,
        }
        return tuple(name for name in _OPEN.get(self.status, ()) if allowed.get(name, True))

    def hold(self, lines: Lines, now: datetime, *, confirmed: bool) -> None:
        """Keep these places, for good or until somebody answers."""
        self.lines = [
            {"facility_id": str(facility_id), "places": list(places)}
            for facility_id, places in sorted(lines.items())
        ]
        self.status = "confirmed" if confirmed else "pending"
        self.due_at = self._due(now)

    def refuse(self, reason: BookingReason, alternatives: Sequence[Slot]) -> None:
        """Be rejected from the beginning, with what can be had instead."""
        self.status, self.reason = "rejected", reason
        self.alternatives = [slot.model_dump(mode="json") for slot in alternatives]

    def move(self, use: Interval, lines: Lines, now: datetime, *, approved: bool) -> None:
        """Be at another time. What needs the officer's approval needs it again, unless it shrinks.

        Raises WrongStatus, FollowsSession.
        """
        self.refuse_unless_movable()
        confirmed = self.status == "confirmed" and (approved or self.use.contains(use))
        self.starts_at, self.ends_at = use
        self.hold(lines, now, confirmed=confirmed)

    def refuse_unless_movable(self) -> None:
        """Raise WrongStatus unless it is pending or confirmed, FollowsSession if one has it."""
        if self.session_id is not None:
            raise FollowsSession("It is for a mentoring session. Replan the session instead.")
        if self.status not in ("pending", "confirmed"):
            raise WrongStatus("Only a pending or confirmed booking can be moved.")

    def confirm(self, now: datetime) -> None:
        """Be approved. Raises WrongStatus."""
        self._become("confirmed", now)

    def reject(self, now: datetime, reason: BookingReason = "declined") -> None:
        """Be refused by the officer, or by nobody's answer. Raises WrongStatus."""
        self._become("rejected", now, reason)

    def check_in(self, now: datetime) -> None:
        """Note that somebody came. Raises WrongStatus, TooEarly."""
        if now < self.starts_at - GRACE:
            raise TooEarly("Check in at most 30 minutes before it begins.")
        self._become("checked_in", now)

    def complete(self, now: datetime) -> None:
        """Note that it was used. Raises WrongStatus, TooEarly."""
        if now < self.starts_at:
            raise TooEarly("It has not begun; cancel it if it is not needed.")
        self._become("completed", now)

    def miss(self, now: datetime) -> None:
        """Note that nobody came. Raises WrongStatus."""
        self._become("no_show", now)

    def give_up(self, now: datetime) -> None:
        """Be cancelled by a person. Raises WrongStatus, also once its time has begun."""
        if now >= self.starts_at and self.status in _ENDS["cancelled"]:
            raise WrongStatus("It has begun; say that it was used, or let it be missed.")
        self.cancel(now)

    def cancel(self, now: datetime, reason: BookingReason = "not_needed") -> None:
        """Be cancelled because what it was for is no more. Raises WrongStatus."""
        self._become("cancelled", now, reason)

    def displace(self, now: datetime) -> None:
        """Lose its places because a facility is closed. Raises WrongStatus."""
        self._become("displaced", now, "facility_closed")

    def lapse(self, now: datetime) -> None:
        """Let the time act: no answer rejects it, nobody came, or its end completes it."""
        if self.status == "pending":
            self.reject(now, "expired")
        elif self.status == "confirmed":
            self.miss(now)
        else:
            self.complete(now)

    def _become(
        self, status: BookingStatus, now: datetime, reason: BookingReason | None = None
    ) -> None:
        if self.status not in _ENDS[status]:
            raise WrongStatus(REFUSALS[status])
        self.status, self.reason = status, reason
        self.due_at = self._due(now)

    def _due(self, now: datetime) -> datetime | None:
        return due_at(self.status, self.use, now, for_session=self.session_id is not None)
