"""What the API takes and gives of identifiers and economics."""

import re
from datetime import date, datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.registry.models import CheckLevel, Criterion, IdentifierKind, Source
from services.registry.schemas.enterprises import example
from services.registry.schemas.texts import Day, Rupiah, Workers
from shared.events.registry import SizeClass
from shared.indonesia.codes import REFUSALS as OF_CODES
from shared.indonesia.nik import Nik
from shared.indonesia.npwp import Npwp
from shared.text import Line, measured, text_schema
from shared.web.bodies import Command

REFUSALS: Final = {
    "npwp_of_person": "This is a person's NPWP; keep it with the owner",
    "cooperative_number_shape": "The number of a cooperative has digits and nothing else",
}
_NIB = re.compile(r"[0-9]{13}")
_DIGITS = re.compile(r"[0-9]{1,40}")


def _nib(value: str) -> str:
    if not _NIB.fullmatch(value):
        raise PydanticCustomError("nib_shape", OF_CODES["nib_shape"])
    return value


def _npwp(value: str) -> str:
    """The sixteen digits of a body's NPWP; a person's is their NIK and belongs in the vault."""
    digits = Npwp.parse(value).reveal()
    if digits.startswith("0"):
        return digits
    try:
        Nik.parse(digits)
    except PydanticCustomError:
        return digits
    raise PydanticCustomError("npwp_of_person", REFUSALS["npwp_of_person"])


def _cooperative_number(value: str) -> str:
    if not _DIGITS.fullmatch(value):
        raise PydanticCustomError("cooperative_number_shape", REFUSALS["cooperative_number_shape"])
    return value


_SHAPES: Final = {"nib": _nib, "npwp": _npwp, "cooperative_number": _cooperative_number}


class AddIdentifier(Command):
    """Note a number that an office gave; `issued_on` and `valid_until` as its certificate says."""

    model_config = example(kind="nib", value="0220001234567", issued_on="2024-05-06")

    kind: IdentifierKind
    value: Annotated[Line, measured(1, 60), text_schema(1, 60)]
    issued_on: Day | None = None
    valid_until: Day | None = None

    @field_validator("value")
    @classmethod
    def _as_its_kind_has_it(cls, value: str, info: ValidationInfo) -> str:
        shape = _SHAPES.get(info.data.get("kind", ""))
        return shape(value) if shape else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.issued_on and self.valid_until and self.valid_until < self.issued_on:
            raise PydanticCustomError("days_order", "It cannot be over before it was issued")
        return self


class VerifyIdentifier(Command):
    """Say how far it was checked: its certificate was seen, or its office was asked."""

    model_config = example(check_level="verified")

    check_level: Literal["seen", "verified"]


class IdentifierView(BaseModel):
    """A number of an enterprise, and how far it was checked."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: IdentifierKind
    value: str
    check_level: CheckLevel
    checked_on: date | None
    issued_on: date | None
    valid_until: date | None


class RecordSnapshot(Command):
    """Note the economics of a day, in rupiah; capital without land and building.

    Capital decides the class of a new business, the sales of a whole year decide it otherwise.
    """

    model_config = example(
        as_of="2026-10-31",
        capital=75_000_000,
        annual_sales=420_000_000,
        workers_f=3,
        workers_m=1,
        source="said",
        new_business=False,
    )

    as_of: Day
    capital: Rupiah
    annual_sales: Rupiah
    workers_f: Workers
    workers_m: Workers
    source: Source
    new_business: bool


class SnapshotView(BaseModel):
    """The economics of a day, and the class that follows: by each criterion, and by which."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    as_of: date
    capital: int
    annual_sales: int
    workers_f: int
    workers_m: int
    source: Source
    new_business: bool
    rule: str
    class_by_capital: SizeClass | None
    class_by_sales: SizeClass | None
    decided_by: Criterion
    size_class: SizeClass
    recorded_at: datetime
