"""What the registry's API takes and gives."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from services.registry.models import EnterpriseImport, ImportStatus, Unit
from shared.events.registry import EnterpriseStatus, Kind, SizeClass, UnitLevel
from shared.events.state import TradeName
from shared.indonesia import regions
from shared.indonesia.codes import KbliCode, RegionCode, VillageCode
from shared.text import clean, measured, text_schema

Reference = Annotated[str, AfterValidator(clean), measured(0, 40), text_schema(0, 40)]
"""An office's own number for an enterprise."""


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenUnit(_Command):
    """Open a unit for a province, or for a regency or city."""

    level: UnitLevel
    region_code: RegionCode

    @model_validator(mode="after")
    def _of_that_level(self) -> Self:
        region = regions.region(self.region_code)
        if region is None or region.level != self.level:
            message = "the region is not one of that level"
            raise ValueError(message)
        return self


class RegisterEnterprise(_Command):
    """Register an enterprise or a cooperative with a unit."""

    kind: Kind
    trade_name: TradeName
    unit_id: UUID
    village_code: VillageCode
    kbli: KbliCode
    size_class: SizeClass


class ChangeEnterprise(_Command):
    """Change the name, the size class or both; what is left out stays."""

    trade_name: TradeName | None = None
    size_class: SizeClass | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.trade_name is None and self.size_class is None:
            message = "name at least one of trade_name and size_class"
            raise ValueError(message)
        return self


class UnitView(BaseModel):
    """A unit, with the name that its region gives it."""

    id: UUID
    name: str
    level: UnitLevel
    region_code: str
    time_zone: str

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """Name a unit after its region."""
        region = regions.region(unit.region_code)
        name = f"PLUT-KUMKM {region.name if region else unit.region_code}"
        return cls(name=name, **unit.model_dump(include=set(cls.model_fields)))


class EnterpriseView(BaseModel):
    """An enterprise as everyone may see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Kind
    trade_name: str
    unit_id: UUID
    village_code: str
    kbli: str
    size_class: SizeClass
    status: EnterpriseStatus
    merged_into: UUID | None


class ImportView(BaseModel):
    """How far an import is: `bytes_done` of `bytes_total`, and what became of the rows so far.

    `accepted` rows were registered, `known` ones had been registered from another file, and
    `rejected` ones are in the report. A `failed` import met a fault of ours; what it did before
    stays.
    """

    id: UUID
    status: ImportStatus
    submitted_at: datetime
    bytes_total: int
    bytes_done: int
    rows_done: int
    accepted: int
    known: int
    rejected: int

    @classmethod
    def of(cls, job: EnterpriseImport) -> Self:
        """Show an import."""
        facts = job.model_dump(include=set(cls.model_fields))
        return cls(rows_done=job.accepted + job.known + job.rejected, **facts)


class RejectionView(BaseModel):
    """A line of the file that was not taken over, why, and how to repair it."""

    line: int
    field: str
    code: str
    reason: str
    repair: str
