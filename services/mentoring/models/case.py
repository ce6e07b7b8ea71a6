"""A case: an enterprise in the care of a consultant, with the goals that they agreed on."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import ClassVar, Literal, NamedTuple, Self
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.mentoring.errors import CaseClosed, ResultsIncomplete, SameConsultant
from services.mentoring.models.consultant import Consultant
from services.mentoring.models.request import Request
from services.mentoring.models.table import Table
from shared.events.mentoring import CaseState, CaseStatus
from shared.events.registry import AssistanceField
from shared.events.state import State
from shared.streams.aggregate import Aggregate

GoalResult = Literal["met", "partly", "missed"]


class Target(NamedTuple):
    """What is to be measured, where it stands now, and where it shall be."""

    indicator: str
    baseline: int
    target: int


class Result(NamedTuple):
    """What became of a goal."""

    goal_id: UUID
    result: GoalResult


class Goal(Table, table=True):
    """A goal of a case; the result is known when the case is closed."""

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="mentoring_case.id", index=True)
    indicator: str = Field(sa_type=sa.Text)
    baseline: int = Field(sa_type=sa.BigInteger)
    target: int = Field(sa_type=sa.BigInteger)
    result: GoalResult | None = Field(default=None, sa_type=sa.Text)


class Circumstances(NamedTuple):
    """What decides about some cases besides themselves."""

    pending: Collection[UUID]
    """The cases of which a session may still take place."""
    closed: Collection[UUID]
    """The enterprises that are closed."""


class Case(Table, Aggregate, table=True):
    """What became of an accepted request; `subject_id` is the person of the consultant.

    Until it is closed it takes `weekly_hours` of the consultant's time. `goals_met` of its `goals`
    were met in the end.
    """

    __tablename__ = "mentoring_case"  # `case` is a word of SQL's own
    __state__: ClassVar[type[State]] = CaseState
    __table_args__ = (sa.Index("case_by_unit", "unit_id", "id"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    enterprise_id: UUID = Field(index=True)
    consultant_id: UUID = Field(foreign_key="consultant.id", index=True)
    subject_id: UUID = Field(index=True)
    request_id: UUID = Field(foreign_key="request.id", unique=True)
    field: AssistanceField = Field(sa_type=sa.Text)
    weekly_hours: int
    status: CaseStatus = Field(default="open", sa_type=sa.Text)
    goals: int = 0
    goals_met: int = 0

    @classmethod
    def open(cls, case_id: UUID, request: Request, consultant: Consultant) -> Self:
        """Begin what a request asks for, in a consultant's hands."""
        return cls(
            id=case_id,
            unit_id=request.unit_id,
            region_code=request.region_code,
            enterprise_id=request.enterprise_id,
            consultant_id=consultant.id,
            subject_id=consultant.person_id,
            request_id=request.id,
            field=request.field,
            weekly_hours=request.weekly_hours,
        )

    def open_operations(self, around: "Circumstances") -> tuple[str, ...]:
        """What its state allows, and what is around it.

        Outcomes may be claimed long after its end.
        """
        if self.status == "closed":
            return ("claim_outcome",)
        meet = () if self.enterprise_id in around.closed else ("plan_session",)
        close = () if self.id in around.pending else ("close_case",)
        return ("plan_case", *meet, "claim_outcome", "hand_over_case", *close)

    def refuse_if_closed(self) -> None:
        """Raise CaseClosed when it is."""
        if self.status == "closed":
            raise CaseClosed("The case is closed. Open a new request for more.")

    def plan(self, goals: int) -> None:
        """Have so many goals. Raises CaseClosed."""
        self.refuse_if_closed()
        self.goals = goals

    def hand_over(self, consultant: Consultant) -> None:
        """Be in another consultant's hands. Raises CaseClosed, SameConsultant."""
        self.refuse_if_closed()
        if consultant.id == self.consultant_id:
            raise SameConsultant("The case is in this consultant's hands. Name another.")
        self.consultant_id, self.subject_id = consultant.id, consultant.person_id

    def close(self, goals: Sequence[Goal], results: Sequence[Result]) -> None:
        """End, with the result of each goal. Raises CaseClosed, ResultsIncomplete."""
        self.refuse_if_closed()
        if Counter(goal.id for goal in goals) != Counter(result.goal_id for result in results):
            raise ResultsIncomplete("Name each goal of the case once.", pointer="/results")
        became = {each.goal_id: each.result for each in results}
        for goal in goals:
            goal.result = became[goal.id]
        self.goals_met = sum(goal.result == "met" for goal in goals)
        self.status = "closed"
