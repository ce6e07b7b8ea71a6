"""A session: a meeting of a case, the room that it wants, and what became of both.

A wish for a room is numbered by `revision` and answered once: it is given or refused, and what was
given, or was on its way, may be lost. Nothing leads back but a new wish, so answers that come
again, late or in another order change nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.mentoring.errors import NothingChanged, SessionNotInState, TimeImpossible, TooEarly
from services.mentoring.models.consultant import Consultant
from services.mentoring.models.table import Table
from shared.events.facilities import BookingState, BookingStatus, FacilityKind
from shared.events.mentoring import RoomStatus, SessionMode, SessionState, SessionStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate

SHORTEST: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=12)
FURTHEST: Final = timedelta(days=366)
"""How far ahead a session may begin."""
REPORT: Final = timedelta(hours=48)
"""How long after its end a session waits to be told of before it counts as missed."""
PENDING: Final[tuple[SessionStatus, ...]] = ("planned", "to_replan")
"""The states in which it may still take place."""
_IN_USE: Final[tuple[BookingStatus, ...]] = ("confirmed", "checked_in", "completed", "no_show")
"""The states of a booking that was confirmed, and was not taken away before its time."""
_GONE: Final[tuple[BookingStatus, ...]] = ("displaced", "cancelled")

Answer = Literal["room_given", "room_refused", "room_lost"]
_ANSWERS: Final[Mapping[RoomStatus, Answer]] = {
    "given": "room_given",
    "refused": "room_refused",
    "lost": "room_lost",
}


class Meeting(NamedTuple):
    """How, when, and in which kind of room if in one, a session takes place."""

    mode: SessionMode
    starts_at: datetime
    ends_at: datetime
    facility_kind: FacilityKind | None = None


class Session(Table, Aggregate, table=True):
    """A meeting of the case's enterprise with its consultant, whose person is `subject_id`.

    `minutes` is how long it took, `notes` what was said there. At `due_at` it counts as missed
    when nobody has told of it, or planned it anew.
    """

    __state__: ClassVar[type[State]] = SessionState
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="session_interval"),
        sa.Index("session_by_unit", "unit_id", "starts_at", "id"),
        sa.Index("session_by_consultant", "consultant_id", "starts_at", "id"),
        sa.Index("session_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    case_id: UUID = Field(foreign_key="mentoring_case.id", index=True)
    enterprise_id: UUID = Field(index=True)
    consultant_id: UUID = Field(foreign_key="consultant.id")
    subject_id: UUID = Field(index=True)
    mode: SessionMode = Field(sa_type=sa.Text)
    starts_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    ends_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    status: SessionStatus = Field(default="planned", sa_type=sa.Text)
    minutes: int | None = None
    notes: str | None = Field(default=None, sa_type=sa.Text)
    revision: int = 0
    room: RoomStatus = Field(default="not_wanted", sa_type=sa.Text)
    facility_kind: FacilityKind | None = Field(default=None, sa_type=sa.Text)
    booking_id: UUID | None = None
    # Copied for each row; of a factory pydantic would read the signature each time, in 0.4 ms.
    alternatives: list[dict[str, Any]] = Field(default=[], sa_type=JSONB)
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @property
    def meeting(self) -> Meeting:
        """How and when it takes place."""
        return Meeting(self.mode, self.starts_at, self.ends_at, self.facility_kind)

    def open_operations(self, now: datetime) -> tuple[str, ...]:
        """What its state allows at this time."""
        if self.status not in PENDING:
            return ()
        told = ("hold_session", "miss_session") if now >= self.starts_at else ()
        return ("replan_session", *told, "cancel_session")

    def plan(self, meeting: Meeting, now: datetime) -> None:
        """Take place so, wishing for a room if it is to be in one. Raises TimeImpossible."""
        refuse_impossible(meeting, now)
        self.mode, self.starts_at, self.ends_at, self.facility_kind = meeting
        self.booking_id, self.alternatives = None, []
        self.room = "wanted" if self.mode == "room" else "not_wanted"
        self.revision += self.mode == "room"
        self.status, self.due_at = "planned", self.ends_at + REPORT

    def replan(self, meeting: Meeting, now: datetime) -> None:
        """Take place otherwise, or try again for a room that was refused or lost.

        Raises SessionNotInState, NothingChanged, TimeImpossible.
        """
        if self.status not in PENDING:
            raise SessionNotInState("Only a session that has not taken place can be replanned.")
        if meeting == self.meeting and self.room not in ("refused", "lost"):
            raise NothingChanged("It is planned so already. Name another time, way or room.")
        self.plan(meeting, now)

    def hear(self, booking: BookingState) -> Answer | None:
        """Hear how a booking for a wish of it stands; say what that changes, if anything."""
        if booking.session_revision != self.revision or self.status != "planned":
            return None
        if booking.status == "rejected" and self.room == "wanted":
            return self._have("refused", booking)
        if booking.status in _IN_USE and self.room == "wanted":
            return self._have("given", booking)
        if booking.status in _GONE and self.room in ("wanted", "given"):
            self.status = "to_replan"
            return self._have("lost", booking)
        return None

    def hold(self, minutes: int, notes: str, now: datetime) -> None:
        """Tell how it went. Raises SessionNotInState, TooEarly."""
        self._tell("held", now)
        self.minutes, self.notes = minutes, notes

    def miss(self, now: datetime) -> None:
        """Note that it did not take place. Raises SessionNotInState, TooEarly."""
        self._tell("missed", now)

    def cancel(self) -> None:
        """Give it up, and its room. Raises SessionNotInState when it has taken place, or not."""
        if self.status not in PENDING:
            raise SessionNotInState("Only a session that has not taken place can be cancelled.")
        self.status, self.due_at = "cancelled", None

    def hand_over(self, consultant: Consultant) -> None:
        """Be another consultant's, with its room."""
        self.consultant_id, self.subject_id = consultant.id, consultant.person_id

    def _tell(self, status: SessionStatus, now: datetime) -> None:
        # One that lost its room may have taken place elsewhere, or have begun when it was lost.
        if self.status not in PENDING:
            raise SessionNotInState("It was told of before, or cancelled.")
        if now < self.starts_at:
            raise TooEarly("It has not begun; cancel it if it will not take place.")
        self.status, self.due_at = status, None

    def _have(self, room: Literal["given", "refused", "lost"], booking: BookingState) -> Answer:
        self.room, self.booking_id = room, booking.id
        self.alternatives = [slot.model_dump(mode="json") for slot in booking.alternatives]
        return _ANSWERS[room]


def refuse_impossible(meeting: Meeting, now: datetime) -> None:
    """Raise TimeImpossible for a time that is over, too far ahead, too short or too long."""
    if meeting.starts_at <= now:
        raise TimeImpossible("It must begin in the future.", pointer="/starts_at")
    if meeting.starts_at > now + FURTHEST:
        raise TimeImpossible("It must begin within a year.", pointer="/starts_at")
    if not SHORTEST <= meeting.ends_at - meeting.starts_at <= LONGEST:
        raise TimeImpossible("It must last from 15 minutes to 12 hours.", pointer="/ends_at")
