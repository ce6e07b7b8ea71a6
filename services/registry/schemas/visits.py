"""What the API takes and gives of visits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from services.registry.models import Visit
from services.registry.schemas.enterprises import example
from shared.events.registry import AssistanceField, Need
from shared.web.bodies import Command


class CheckInVisit(Command):
    """Note who comes to a unit's desk and what for; a need for mentoring names its field."""

    model_config = example(
        unit_id="209ec504-3987-5fa6-8ad7-c117b48f5969",
        need="mentoring",
        field="pemasaran",
        enterprise_id="0198c0de-0000-7000-8000-000000000001",
    )

    unit_id: UUID
    need: Need
    field: AssistanceField | None = None
    enterprise_id: UUID | None = None

    @model_validator(mode="after")
    def _with_its_field(self) -> Self:
        refuse_unless_its_field(self.need, self.field)
        return self


class ChangeVisit(Command):
    """Correct a visit, or say whose it was; what is left out stays. A need comes with its field."""

    model_config = example(enterprise_id="0198c0de-0000-7000-8000-000000000001")

    need: Need | None = None
    field: AssistanceField | None = None
    enterprise_id: UUID | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.need is None and self.field is None and self.enterprise_id is None:
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        if self.need is not None or self.field is not None:
            refuse_unless_its_field(self.need, self.field)
        return self


def refuse_unless_its_field(need: Need | None, field: AssistanceField | None) -> None:
    """Raise ValueError unless a field stands exactly where mentoring is needed."""
    if (need == "mentoring") != (field is not None):
        raise PydanticCustomError(
            "field_of_mentoring", "Name a field exactly when the need is mentoring"
        )


class VisitView(BaseModel):
    """A visit; `actions` are the operations that are open to whoever asks."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )

    id: UUID
    unit_id: UUID
    arrived_at: datetime
    need: Need
    field: AssistanceField | None
    enterprise_id: UUID | None
    actions: list[str] = []

    @classmethod
    def of(cls, visit: Visit, actions: Sequence[str]) -> Self:
        """Show a visit."""
        return cls.model_validate(visit).model_copy(update={"actions": list(actions)})
