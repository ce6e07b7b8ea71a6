"""What the registry keeps of an owner, and what it may be given out for."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel

from shared.indonesia.nik import Nik
from shared.indonesia.npwp import Npwp
from shared.indonesia.phone import Phone
from shared.personal import Doubt
from shared.persons import BirthDate, EmailAddress, PersonName, PostalAddress, Sex
from shared.vault.fields import SEARCHABLE, SOLE, PersonalFields

OwnerField = Literal["name", "nik", "birth_date", "sex", "npwp", "phone", "email", "address"]


class Purpose(StrEnum):
    """What a person's values are given out for (UU 27/2022, articles 27 and 28)."""

    IDENTITY = "identity"
    """To compare with an identity card."""
    CONTACT = "contact"
    """To reach the person."""
    FORM = "form"
    """To fill in a form of another office, at the person's wish."""
    CORRECTION = "correction"
    """To correct what is kept."""
    PERSON = "person"
    """To tell the person what is kept of them (article 7)."""
    LAW = "law"
    """To answer whoever may ask by law."""


class Owner(BaseModel):
    """A natural person who owns an enterprise, or one of them."""

    name: PersonName
    nik: Annotated[Nik, SOLE]
    birth_date: BirthDate
    sex: Sex
    npwp: Npwp | None = None
    phone: Annotated[Phone, SEARCHABLE]
    email: EmailAddress | None = None
    address: PostalAddress


class OwnerFields(Owner, PersonalFields):
    """An owner as the vault keeps one."""

    def doubts(self) -> Iterator[Doubt]:
        """What deserves a second look."""
        yield from self.nik.doubts(self.birth_date, self.sex)
        yield from self.phone.doubts()
        if self.npwp is not None:
            yield from self.npwp.doubts()
