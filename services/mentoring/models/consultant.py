"""A consultant of a unit: what they know, and how many hours a week they can give."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.mentoring.errors import ConsultantNotInState, HoursInUse, NothingChanged
from services.mentoring.models.table import Table
from shared.events.mentoring import ConsultantState, ConsultantStatus
from shared.events.registry import AssistanceField
from shared.events.state import State
from shared.streams.aggregate import Aggregate


class Consultant(Table, Aggregate, table=True):
    """Somebody who mentors; who it is, `person_id` says, and their name is not kept here.

    Of `weekly_hours` so many are `taken`, by each assignment that awaits an answer and by each
    open case. They are counted by `queries.take_hours` and `free_hours` alone, and the database
    lets them be neither more nor fewer than there are.
    """

    __state__: ClassVar[type[State]] = ConsultantState
    __table_args__ = (
        sa.CheckConstraint("taken BETWEEN 0 AND weekly_hours", name="consultant_capacity"),
        sa.Index(
            "consultant_person",
            "person_id",
            unique=True,
            postgresql_where=sa.text("status <> 'left'"),
        ),
        sa.Index("consultant_by_unit", "unit_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    person_id: UUID
    fields: list[AssistanceField] = Field(sa_type=ARRAY(sa.Text))
    weekly_hours: int
    taken: int = 0
    status: ConsultantStatus = Field(default="active", sa_type=sa.Text)

    @property
    def hours_left(self) -> int:
        """How many hours a week nobody has taken."""
        return self.weekly_hours - self.taken

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What their state allows."""
        match self.status:
            case "active":
                return ("change_consultant", "pause_consultant", "leave_consultant")
            case "paused":
                return ("change_consultant", "resume_consultant", "leave_consultant")
        return ()

    def change(self, changes: Mapping[str, Any]) -> None:
        """Know or give something else. Raises ConsultantNotInState, NothingChanged, HoursInUse."""
        self.refuse_if_left()
        if all(getattr(self, name) == value for name, value in changes.items()):
            raise NothingChanged("It is so already; leave the change out.")
        if changes.get("weekly_hours", self.weekly_hours) < self.taken:
            raise HoursInUse(
                "Cases and assignments take {taken} hours a week. Hand some over first.",
                pointer="/weekly_hours",
                taken=self.taken,
            )
        for name, value in changes.items():
            setattr(self, name, value)

    def pause(self) -> None:
        """Take nothing new; what is in hand goes on. Raises ConsultantNotInState."""
        self.refuse_if_left()
        if self.status == "paused":
            raise ConsultantNotInState("The consultant is paused already.")
        self.status = "paused"

    def resume(self) -> None:
        """Take new cases again. Raises ConsultantNotInState unless they are paused."""
        if self.status != "paused":
            raise ConsultantNotInState("Only a paused consultant can resume.")
        self.status = "active"

    def leave(self) -> None:
        """Be a consultant of the unit no more. Raises ConsultantNotInState when they left."""
        self.refuse_if_left()
        self.status = "left"

    def refuse_unless_active(self) -> None:
        """Raise ConsultantNotInState unless they take something new."""
        if self.status != "active":
            raise ConsultantNotInState("The consultant takes nothing new. Choose another.")

    def refuse_if_left(self) -> None:
        """Raise ConsultantNotInState when they did."""
        if self.status == "left":
            raise ConsultantNotInState("The consultant has left. Choose another.")
