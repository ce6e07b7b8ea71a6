"""What the API takes and gives of tenancies."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.facilities.models import Tenancy
from shared.access.web import Asker
from shared.events.facilities import TenancyKind, TenancyReason, TenancyStatus
from shared.web.bodies import Command

Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class AgreeTenancy(Command):
    """Let an enterprise have a place of a facility from one day to another, both included."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "enterprise_id": "0198c0de-0000-7000-8000-0000000000aa",
                    "facility_id": "6f2b8f0e-7a51-5c39-9d2f-0f6f6b6a3f01",
                    "place": 3,
                    "kind": "display",
                    "starts_on": "2026-12-01",
                    "ends_on": "2027-05-31",
                }
            ]
        }
    )

    enterprise_id: UUID
    facility_id: UUID
    place: Annotated[int, Field(ge=1, le=500)]
    kind: TenancyKind
    starts_on: Day
    ends_on: Day


class TenancyView(BaseModel):
    """A tenancy, and what whoever asks may do with it now."""

    id: UUID
    unit_id: UUID
    enterprise_id: UUID
    facility_id: UUID
    place: int
    kind: TenancyKind
    starts_on: date
    ends_on: date
    status: TenancyStatus
    reason: TenancyReason | None
    actions: list[str]

    @classmethod
    def of(cls, tenancy: Tenancy, asker: Asker, own: Collection[UUID]) -> Self:
        """Show a tenancy to somebody whose own these enterprises are."""
        person = asker.actor.person_id
        actions = asker.actions(
            tenancy.open_operations,
            unit=tenancy.unit_id,
            region=tenancy.region_code,
            enterprise=tenancy.enterprise_id,
            persons=[person] if person and tenancy.enterprise_id in own else [],
        )
        return cls(**tenancy.model_dump(include={*cls.model_fields}), actions=actions)
