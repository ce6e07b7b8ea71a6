"""What the API takes and gives of consultants."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.mentoring.models import Consultant
from services.mentoring.schemas.texts import Hours
from shared.access.web import Asker
from shared.events.mentoring import ConsultantStatus
from shared.events.registry import AssistanceField
from shared.web.bodies import Command

Fields = Annotated[tuple[AssistanceField, ...], Field(min_length=1, max_length=7)]


class RegisterConsultant(Command):
    """Let a person mentor for a unit, in these fields, for so many hours a week."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit_id": "209ec504-3987-5fa6-8ad7-c117b48f5969",
                    "person_id": "0198c0de-0000-7000-8000-000000000201",
                    "fields": ["pemasaran", "produksi"],
                    "weekly_hours": 24,
                }
            ]
        }
    )

    unit_id: UUID
    person_id: UUID
    fields: Fields
    weekly_hours: Hours

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _refuse_twice(self.fields)
        return self

    def kept(self) -> dict[str, Any]:
        """The columns that it says."""
        return self.model_dump() | {"fields": sorted(self.fields)}


class ChangeConsultant(Command):
    """Change the fields or the hours; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"weekly_hours": 30}]})

    fields: Fields | None = None
    weekly_hours: Hours | None = None

    @model_validator(mode="after")
    def _something_once(self) -> Self:
        if self.fields is None and self.weekly_hours is None:
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        _refuse_twice(self.fields or ())
        return self

    def kept(self) -> dict[str, Any]:
        """The new values by their columns."""
        changes = {"fields": self.fields and sorted(self.fields), "weekly_hours": self.weekly_hours}
        return {name: value for name, value in changes.items() if value is not None}


class LeaveConsultant(Command):
    """Let a consultant go; all cases go to the successor, or each to the best who has room."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"successor_id": "0198c0de-0000-7000-8000-000000000202"}, {}]
        }
    )

    successor_id: UUID | None = None


class ConsultantView(BaseModel):
    """A consultant; `actions` are the operations that are open to whoever asks.

    Of `weekly_hours` so many are left as no case and no unanswered assignment takes.
    """

    id: UUID
    unit_id: UUID
    person_id: UUID
    fields: list[AssistanceField]
    weekly_hours: int
    hours_left: int
    status: ConsultantStatus
    actions: list[str]

    @classmethod
    def of(cls, consultant: Consultant, asked: Asker) -> Self:
        """Show a consultant to somebody."""
        actions = asked.actions(
            consultant.open_operations,
            unit=consultant.unit_id,
            region=consultant.region_code,
            persons=[consultant.person_id],
        )
        facts = consultant.model_dump(include={*cls.model_fields})
        return cls(hours_left=consultant.hours_left, actions=actions, **facts)


def _refuse_twice(fields: tuple[AssistanceField, ...]) -> None:
    if len({*fields}) < len(fields):
        raise PydanticCustomError("field_twice", "Name each field once")
