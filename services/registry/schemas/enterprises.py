"""What the API takes and gives of enterprises."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from services.registry.models import Enterprise
from services.registry.schemas.texts import NewName, Words
from shared.events.facilities import TenancyKind, TenancyStatus
from shared.events.registry import (
    EnterpriseState,
    EnterpriseStatus,
    Kind,
    SizeClass,
    Verification,
)
from shared.indonesia.codes import KbliCode, VillageCode
from shared.web.bodies import Command


def example(**fields: JsonValue) -> ConfigDict:
    """The example of a body in OpenAPI."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class RegisterEnterprise(Command):
    """Register an enterprise or a cooperative with a unit."""

    kind: Kind
    trade_name: NewName
    unit_id: UUID
    village_code: VillageCode
    kbli: KbliCode
    size_class: SizeClass
    owner_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class ChangeEnterprise(Command):
    """Correct what was registered, or note what it became; what is left out stays.

    Its kind stays for good: a cooperative is a legal entity of its own (UU 25/1992, 1), so what was
    registered as the wrong kind is registered anew, and merged into that.
    """

    trade_name: NewName | None = None
    village_code: VillageCode | None = None
    kbli: KbliCode | None = None
    size_class: SizeClass | None = None
    owner_ids: Annotated[tuple[UUID, ...] | None, Field(max_length=50)] = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        return self


class ReturnEnterprise(Command):
    """Say what is to be corrected; it stays in the registry."""

    model_config = example(because="Nama usaha berbeda dengan yang tertulis pada NIB.")

    because: Words


class TransferEnterprise(Command):
    """Name the unit that serves it from now on."""

    model_config = example(unit_id="209ec504-3987-5fa6-8ad7-c117b48f5969")

    unit_id: UUID


class MergeEnterprise(Command):
    """Name the one that stays."""

    model_config = example(into="0198c0de-0000-7000-8000-000000000002")

    into: UUID


class TenancyView(BaseModel):
    """A place of a facility that the enterprise occupies from one day to another."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    facility_id: UUID
    kind: TenancyKind
    starts_on: date
    ends_on: date
    status: TenancyStatus


class EnterpriseView(BaseModel):
    """An enterprise; `actions` are the operations that are open to whoever asks.

    `returned_because` is there for those who may hand it in again, `owner_ids` for those who may
    change it.
    """

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )

    id: UUID
    kind: Kind
    trade_name: str
    unit_id: UUID
    village_code: str
    kbli: str
    size_class: SizeClass
    status: EnterpriseStatus
    verification: Verification
    returned_because: str | None = None
    owner_ids: list[UUID] | None = None
    merged_into: UUID | None
    tenancies: list[TenancyView] = []
    actions: list[str] = []

    @classmethod
    def of(
        cls,
        enterprise: Enterprise | EnterpriseState,
        tenancies: Sequence[Any] = (),
        actions: Sequence[str] = (),
    ) -> Self:
        """Show an enterprise as it is, or as it was."""
        return cls.model_validate(enterprise).model_copy(
            update={
                "tenancies": [TenancyView.model_validate(tenancy) for tenancy in tenancies],
                "actions": list(actions),
                "returned_because": getattr(enterprise, "returned_because", None)
                if "submit_enterprise" in actions
                else None,
                "owner_ids": enterprise.owner_ids if "change_enterprise" in actions else None,
            }
        )


class MergePreview(BaseModel):
    """What a merger would do: whom the one that stays is owned by then, and where the two differ.

    `owners_added` own it by this merger alone. `merged` and `survivor` show both as they are.
    """

    merged: EnterpriseView
    survivor: EnterpriseView
    owners_added: list[UUID]
    differences: list[str]
