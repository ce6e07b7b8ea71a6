"""A request: an enterprise's wish for assistance, until a consultant takes it as a case."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.mentoring.errors import RequestNotInState
from services.mentoring.models.consultant import Consultant
from services.mentoring.models.table import Table
from shared.events.mentoring import RequestReason, RequestState, RequestStatus
from shared.events.registry import AssistanceField
from shared.events.state import State
from shared.streams.aggregate import Aggregate

WORKING_DAYS_TO_ANSWER: Final = 3
UNDECIDED: Final[tuple[RequestStatus, ...]] = ("open", "assigned")
"""The states in which it may still become a case."""


class Request(Table, Aggregate, table=True):
    """A wish of an enterprise at a unit, for `weekly_hours` of a consultant's time.

    `visit_id` is the visit it came from, if it did; of each visit one at most is undecided. While
    it is assigned, `subject_id` is the consultant's person, who has until `due_at` to answer.
    """

    __state__: ClassVar[type[State]] = RequestState
    __table_args__ = (
        sa.Index("request_by_unit", "unit_id", "id"),
        sa.Index(
            "request_undecided_of_visit",
            "visit_id",
            unique=True,
            postgresql_where=sa.text("status IN ('open', 'assigned')"),
        ),
        sa.Index("request_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    enterprise_id: UUID = Field(index=True)
    field: AssistanceField = Field(sa_type=sa.Text)
    weekly_hours: int
    visit_id: UUID | None = Field(default=None, index=True)
    consultant_id: UUID | None = Field(default=None, foreign_key="consultant.id", index=True)
    subject_id: UUID | None = Field(default=None, index=True)
    case_id: UUID | None = None
    status: RequestStatus = Field(default="open", sa_type=sa.Text)
    reason: RequestReason | None = Field(default=None, sa_type=sa.Text)
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        match self.status:
            case "open":
                return ("assign_request", "withdraw_request")
            case "assigned":
                return ("accept_request", "decline_request", "withdraw_request")
        return ()

    def assign(self, consultant: Consultant, due_at: datetime) -> None:
        """Ask a consultant to take it. Raises RequestNotInState unless it is open."""
        if self.status != "open":
            raise RequestNotInState("Only an open request can be assigned.")
        self.consultant_id, self.subject_id = consultant.id, consultant.person_id
        self.due_at = due_at
        self.status = "assigned"

    def accept(self, case_id: UUID) -> None:
        """Be taken on as a case. Raises RequestNotInState unless it is assigned."""
        if self.status != "assigned":
            raise RequestNotInState("Only an assigned request can be accepted.")
        self.case_id, self.due_at = case_id, None
        self.status = "accepted"

    def reopen(self) -> None:
        """Be open again, because the consultant will not take it, or does not answer.

        Raises RequestNotInState unless it is assigned.
        """
        if self.status != "assigned":
            raise RequestNotInState("Only an assigned request can be declined.")
        self._let_go()
        self.status = "open"

    def end(self, reason: RequestReason) -> None:
        """Come to nothing. Raises RequestNotInState when it is a case, or ended before."""
        if self.status not in UNDECIDED:
            raise RequestNotInState("Only a request that is not yet a case can be ended.")
        self._let_go()
        self.status, self.reason = "ended", reason

    def _let_go(self) -> None:
        self.consultant_id = self.subject_id = self.due_at = None
