"""What mentoring says: consultants, who asked for help, and what came of it."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.events.facilities import FacilityKind, Slot
from shared.events.registry import AssistanceField
from shared.events.state import State

ConsultantStatus = Literal["active", "paused", "left"]
RequestStatus = Literal["open", "assigned", "accepted", "ended"]
RequestReason = Literal["withdrawn", "enterprise_closed", "not_needed"]
CaseStatus = Literal["open", "closed"]
SessionMode = Literal["client_site", "online", "room"]
SessionStatus = Literal["planned", "held", "missed", "cancelled", "to_replan"]
RoomStatus = Literal["not_wanted", "wanted", "given", "refused", "lost"]
OutcomeKind = Literal[
    "sales",
    "workers",
    "financing",
    "contract",
    "licence",
    "new_product",
    "size_class",
    "market_access",
    "training",
    "equipment",
    "space",
]
"""What a case achieved; the last four, financing and contract are also results of referrals."""
OutcomeStatus = Literal["claimed", "confirmed", "disputed"]


class ConsultantState(State):
    """A consultant of a unit: fields of assistance, and how many hours a week cases may take."""

    topic: ClassVar[str] = "mentoring.consultant.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {"registered", "changed", "paused", "resumed", "left"}
    )

    unit_id: UUID
    fields: tuple[AssistanceField, ...]
    weekly_hours: int
    status: ConsultantStatus


class RequestState(State):
    """An enterprise's wish for assistance in a field, until a consultant takes it as a case.

    `visit_id` names the visit that it came from, and `case_id` the case that it became.
    """

    topic: ClassVar[str] = "mentoring.request.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {"opened", "assigned", "declined", "accepted", "ended"}
    )

    unit_id: UUID
    enterprise_id: UUID
    field: AssistanceField
    weekly_hours: int
    visit_id: UUID | None = None
    consultant_id: UUID | None = None
    case_id: UUID | None = None
    status: RequestStatus
    reason: RequestReason | None = None


class CaseState(State):
    """An enterprise in the care of a consultant, with how many goals were met at its end."""

    topic: ClassVar[str] = "mentoring.case.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"opened", "planned", "handed_over", "closed"})

    unit_id: UUID
    enterprise_id: UUID
    consultant_id: UUID
    request_id: UUID
    field: AssistanceField
    weekly_hours: int
    status: CaseStatus
    goals: int
    goals_met: int


class SessionState(State):
    """A meeting of a case. `revision` numbers its wishes for a room, so each is answered once.

    `booking_id` is the booking that gave it a room, or that could not or did not keep it;
    `alternatives` are then the nearest free slots.
    """

    topic: ClassVar[str] = "mentoring.session.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {
            "planned",
            "replanned",
            "room_given",
            "room_refused",
            "room_lost",
            "handed_over",
            "held",
            "missed",
            "cancelled",
        }
    )

    unit_id: UUID
    case_id: UUID
    enterprise_id: UUID
    consultant_id: UUID
    mode: SessionMode
    starts_at: datetime
    ends_at: datetime
    status: SessionStatus
    minutes: int | None = None
    revision: int
    room: RoomStatus
    facility_kind: FacilityKind | None = None
    booking_id: UUID | None = None
    alternatives: tuple[Slot, ...] = ()


class OutcomeState(State):
    """What a case achieved, as the consultant claims it and the owner confirms or disputes it.

    `value` is in rupiah for sales, financing and contracts, and a number of all else. `referral_id`
    names the referral that led to it, if one did.
    """

    topic: ClassVar[str] = "mentoring.outcome.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"claimed", "confirmed", "disputed"})

    unit_id: UUID
    case_id: UUID
    enterprise_id: UUID
    kind: OutcomeKind
    value: int
    achieved_on: date
    referral_id: UUID | None = None
    status: OutcomeStatus
