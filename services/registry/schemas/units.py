"""What the API takes and gives of units."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from services.registry.models import Unit
from shared.events.registry import UnitLevel
from shared.indonesia import regions
from shared.indonesia.codes import RegionCode
from shared.web.bodies import Command


class OpenUnit(Command):
    """Open a unit for a province, or for a regency or city."""

    level: UnitLevel
    region_code: RegionCode

    @model_validator(mode="after")
    def _of_that_level(self) -> Self:
        region = regions.region(self.region_code)
        if region is None or region.level != self.level:
            raise PydanticCustomError("region_level", "The region is not one of that level")
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
