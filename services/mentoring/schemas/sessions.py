"""What the API takes and gives of sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from services.mentoring.models import Meeting, Session
from services.mentoring.schemas.texts import Minutes, Words
from shared.access.web import Asker
from shared.events.facilities import FacilityKind, Slot
from shared.events.mentoring import RoomStatus, SessionMode, SessionStatus
from shared.instants import Instant
from shared.web.bodies import Command


class PlanSession(Command):
    """Meet at the client's site, online, or in a room of the unit, which is then asked for.

    `facility_kind` is the kind of room that is wanted, a meeting room of some kind if none is said.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "mode": "room",
                    "starts_at": "2026-12-01T09:00:00+07:00",
                    "ends_at": "2026-12-01T11:00:00+07:00",
                    "facility_kind": "consultation_room",
                },
                {
                    "mode": "client_site",
                    "starts_at": "2026-12-02T13:00:00+07:00",
                    "ends_at": "2026-12-02T15:00:00+07:00",
                },
            ]
        }
    )

    mode: SessionMode
    starts_at: Instant
    ends_at: Instant
    facility_kind: FacilityKind | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.starts_at >= self.ends_at:
            raise PydanticCustomError("interval_order", "It ends after it starts")
        if self.facility_kind and self.mode != "room":
            raise PydanticCustomError(
                "no_room_wanted", "Name a kind of room only for a session in a room"
            )
        return self

    @property
    def meeting(self) -> Meeting:
        """How and when to meet."""
        return Meeting(self.mode, self.starts_at, self.ends_at, self.facility_kind)


class HoldSession(Command):
    """Tell how a session went: how long it took, and what was said."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"minutes": 90, "notes": "Menghitung harga pokok tiga produk."}]
        }
    )

    minutes: Minutes
    notes: Words


class SessionView(BaseModel):
    """A session; `actions` are the operations that are open to whoever asks.

    `room` says what became of its wish for one, and `alternatives` are the nearest times at which
    it could have a room when it was refused or lost. At `due_at` it counts as missed if nobody
    has told of it, or planned it anew.
    """

    id: UUID
    unit_id: UUID
    case_id: UUID
    enterprise_id: UUID
    consultant_id: UUID
    mode: SessionMode
    starts_at: datetime
    ends_at: datetime
    status: SessionStatus
    minutes: int | None
    room: RoomStatus
    facility_kind: FacilityKind | None
    booking_id: UUID | None
    alternatives: Sequence[Slot]
    due_at: datetime | None
    actions: list[str]

    @classmethod
    def of(cls, session: Session, asked: Asker, now: datetime) -> Self:
        """Show a session as it is now to somebody."""
        actions = asked.actions(
            session.open_operations(now),
            unit=session.unit_id,
            region=session.region_code,
            persons=[session.subject_id],
        )
        return cls(actions=actions, **session.model_dump(include={*cls.model_fields}))


class WholeSession(SessionView):
    """A session with what was said there."""

    notes: str | None
