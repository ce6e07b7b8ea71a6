"""What the registry's API takes and gives of owners."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.owners import Owner, OwnerField, OwnerFields, Purpose
from shared.indonesia.nik import Nik
from shared.indonesia.npwp import Npwp
from shared.indonesia.phone import Phone
from shared.personal import Personal
from shared.persons import BirthDate, EmailAddress, PersonName, PostalAddress, Sex
from shared.vault.fields import Shown
from shared.web.bodies import Command
from shared.web.languages import Language, said


class RegisterOwner(Owner, Command):
    """Register a person as an owner with a unit."""

    unit_id: UUID

    def fields(self) -> OwnerFields:
        """What the vault keeps of it."""
        return OwnerFields.model_validate(
            {name: getattr(self, name) for name in Owner.model_fields}
        )


def _left_out() -> Any:  # noqa: ANN401 (it stands for a value of any type)
    return None


_MAY_BE_LEFT_OUT: Any = Field(default_factory=_left_out)
"""For a field that must not be null, and need not be sent."""


class ChangeOwner(Command):
    """Change some of what is kept; what is left out stays, and null takes away what may be."""

    name: PersonName = _MAY_BE_LEFT_OUT
    nik: Nik = _MAY_BE_LEFT_OUT
    birth_date: BirthDate = _MAY_BE_LEFT_OUT
    sex: Sex = _MAY_BE_LEFT_OUT
    npwp: Npwp | None = None
    phone: Phone = _MAY_BE_LEFT_OUT
    email: EmailAddress | None = None
    address: PostalAddress = _MAY_BE_LEFT_OUT

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "Name at least one thing to change")
        return self

    def changes(self) -> dict[str, Personal | None]:
        """What was sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class SearchOwners(Command):
    """Look for a person by exactly one of the two."""

    nik: Nik | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.nik is None) == (self.phone is None):
            raise PydanticCustomError("one_of_two", "Give the NIK or the telephone number")
        return self

    def wanted(self) -> tuple[str, Personal]:
        """The field to look in, and what for."""
        if self.nik is not None:
            return "nik", self.nik
        assert self.phone is not None
        return "phone", self.phone


class RevealOwner(Command):
    """Ask for some of a person's values, for a purpose that goes into the audit trail."""

    fields: Annotated[list[OwnerField], Field(min_length=1, max_length=8)]
    purpose: Purpose


class OwnerWarning(BaseModel):
    """Something about the values that may be right and deserves a second look."""

    code: str
    detail: str


class OwnerView(BaseModel):
    """A person, masked."""

    id: UUID
    unit_id: UUID
    name: str
    nik: str
    birth_date: str
    sex: str
    npwp: str | None = None
    phone: str
    email: str | None = None
    address: str
    warnings: list[OwnerWarning]

    @classmethod
    def of(cls, shown: Shown, language: Language) -> Self:
        """Show a person, with the warnings in a language."""
        warnings = [
            OwnerWarning(code=doubt.code, detail=said(doubt.sentence, language))
            for doubt in shown.doubts
        ]
        whose = {"id": shown.subject_id, "unit_id": shown.home.unit_id}
        return cls.model_validate({**shown.fields, **whose, "warnings": warnings})


class OwnersFound(BaseModel):
    """Whom a search found, at most twenty."""

    items: list[OwnerView]


class RevealedOwner(BaseModel):
    """The values that were asked for; what is not kept of the person is left out."""

    fields: dict[OwnerField, str]


class AccessView(BaseModel):
    """That somebody was given a person's values: who, when, which and to what end."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor: str
    roles: list[str]
    fields: list[str]
    purpose: str
