"""What the API takes and gives of agreements."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.partners.models import Agreement, Obligation
from services.partners.schemas.texts import Day, Title, Words
from shared.events.partners import AgreementScope, AgreementStatus
from shared.web.bodies import Command


class DraftAgreement(Command):
    """Draft what a partner agreed to; without units it is for all of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "partner_id": "0198c0de-0000-7000-8000-000000000101",
                    "title": "Kerja sama pembiayaan 2027",
                    "scopes": ["finance"],
                    "unit_ids": ["209ec504-3987-5fa6-8ad7-c117b48f5969"],
                    "starts_on": "2027-01-01",
                    "ends_on": "2027-12-31",
                }
            ]
        }
    )

    partner_id: UUID
    title: Title
    scopes: Annotated[tuple[AgreementScope, ...], Field(min_length=1, max_length=6)]
    unit_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("period_order", "The last day is before the first")
        if len({*self.scopes}) < len(self.scopes) or len({*self.unit_ids}) < len(self.unit_ids):
            raise PydanticCustomError("named_twice", "Name each scope and each unit once")
        return self


class AddObligation(Command):
    """Add what a party promised to do by a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"promise": "Dua pelatihan ekspor per tahun.", "due_on": "2027-06-30"}]
        }
    )

    promise: Words
    due_on: Day


class ObligationView(BaseModel):
    """What was promised; `fulfilled_on` is when it was noted as done."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    promise: str
    due_on: date
    fulfilled_on: date | None


class AgreementView(BaseModel):
    """An agreement; `actions` are the operations that are open to whoever asks.

    `obligations_fulfilled` of its `obligations` are done.
    """

    id: UUID
    partner_id: UUID
    title: str
    scopes: list[AgreementScope]
    unit_ids: list[UUID]
    starts_on: date
    ends_on: date
    status: AgreementStatus
    suspended_because: str | None
    obligations: int
    obligations_fulfilled: int
    actions: list[str]

    @classmethod
    def of(cls, agreement: Agreement, actions: list[str]) -> Self:
        """Show an agreement."""
        return cls(actions=actions, **agreement.model_dump(include=set(cls.model_fields)))


class WholeAgreement(AgreementView):
    """An agreement with all that was promised, by the days it is due."""

    promises: list[ObligationView] = []

    def with_promises(self, obligations: Sequence[Obligation]) -> Self:
        """Add what was promised."""
        promises = [ObligationView.model_validate(each) for each in obligations]
        return self.model_copy(update={"promises": promises})
