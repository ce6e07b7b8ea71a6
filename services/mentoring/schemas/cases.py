"""What the API takes and gives of cases."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.models import Case, Circumstances, Goal, GoalResult, Result
from services.mentoring.schemas.texts import Indicator, Number
from shared.access.web import Asker
from shared.events.mentoring import CaseStatus
from shared.events.registry import AssistanceField
from shared.web.bodies import Command


class PlannedGoal(Command):
    """What is measured, where it stands, and where it shall be."""

    indicator: Indicator
    baseline: Number
    target: Number


class PlanCase(Command):
    """Agree on the goals of a case; they take the place of those before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "goals": [
                        {
                            "indicator": "Omzet per bulan (rupiah)",
                            "baseline": 12000000,
                            "target": 18000000,
                        }
                    ]
                }
            ]
        }
    )

    goals: Annotated[tuple[PlannedGoal, ...], Field(min_length=1, max_length=20)]


class HandOverCase(Command):
    """Give a case to another consultant."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consultant_id": "0198c0de-0000-7000-8000-000000000202"}]}
    )

    consultant_id: UUID


class GoalBecame(Command):
    """What became of a goal."""

    goal_id: UUID
    result: GoalResult


class CloseCase(Command):
    """End a case, with the result of each of its goals."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "results": [
                        {"goal_id": "0198c0de-0000-7000-8000-000000000301", "result": "partly"}
                    ]
                }
            ]
        }
    )

    results: Annotated[tuple[GoalBecame, ...], Field(max_length=20)] = ()

    @property
    def became(self) -> list[Result]:
        """The results as the rules know them."""
        return [Result(each.goal_id, each.result) for each in self.results]


class GoalView(BaseModel):
    """A goal; its result is known when the case is closed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    indicator: str
    baseline: int
    target: int
    result: GoalResult | None


class CaseView(BaseModel):
    """A case; `actions` are the operations that are open to whoever asks."""

    id: UUID
    unit_id: UUID
    enterprise_id: UUID
    consultant_id: UUID
    request_id: UUID
    field: AssistanceField
    weekly_hours: int
    status: CaseStatus
    goals: int
    goals_met: int
    actions: list[str]

    @classmethod
    def of(cls, case: Case, asked: Asker, around: Circumstances) -> Self:
        """Show a case to somebody."""
        actions = asked.actions(
            case.open_operations(around),
            unit=case.unit_id,
            region=case.region_code,
            persons=[case.subject_id],
        )
        return cls(actions=actions, **case.model_dump(include={*CaseView.model_fields}))


class WholeCase(CaseView):
    """A case with its goals, in the order in which they were named."""

    plan: list[GoalView] = []

    def with_goals(self, goals: Sequence[Goal]) -> Self:
        """Add the goals."""
        plan = [GoalView.model_validate(each) for each in goals]
        return self.model_copy(update={"plan": plan})
