"""A kind of person to keep, a keyring to keep it under, and a key service that can go away."""

from collections.abc import Iterator
from typing import Annotated, Any, cast
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from services.registry.ids import unit_id
from shared.access.actor import Actor, Grant, Role, Scope, ScopeKind
from shared.database import Database
from shared.indonesia.nik import Nik
from shared.indonesia.phone import Phone
from shared.personal import Doubt, Personal
from shared.persons import BirthDate, EmailAddress, PersonName, Sex
from shared.vault.fields import SEARCHABLE, SOLE, Home, PersonalFields, Shown
from shared.vault.keyring import Keyring
from shared.vault.keys import Keys
from shared.vault.service import KeyServiceDown
from shared.vault.vault import Vault
from shared.web.etags import Versions
from tests.support.keyrings import keyring_file

BATU = Home(unit_id("35.79"), "35.79")
MALANG = Home(unit_id("35.73"), "35.73")

MASKED = {
    "name": "W*** P***",
    "nik": "990101******0001",
    "birth_date": "1987-**-**",
    "sex": "***",
    "phone": "+62********001",
    "email": "w***@contoh.id",
}
"""What is shown of the first guest."""


class Guest(PersonalFields):
    """Somebody whom a test keeps."""

    name: PersonName
    nik: Annotated[Nik, SOLE]
    birth_date: BirthDate
    sex: Sex
    phone: Annotated[Phone, SEARCHABLE]
    email: EmailAddress | None = None

    def doubts(self) -> Iterator[Doubt]:
        """What is doubtful about the NIK."""
        yield from self.nik.doubts(self.birth_date, self.sex)


def a_nik(serial: int = 1) -> str:
    """A NIK of a region that there is not, so that nobody has it."""
    return f"990101450587{serial:04}"


def a_guest(serial: int = 1, **changes: object) -> Guest:
    """A woman born on 5 May 1987."""
    sent = {
        "name": "Wulan Percobaan",
        "nik": a_nik(serial),
        "birth_date": "1987-05-05",
        "sex": "female",
        "phone": f"0812000{serial:05}",
        "email": "wulan@contoh.id",
    }
    return Guest.model_validate(sent | changes)


def an_officer(home: Home = BATU, subject: str = "desk") -> Actor:
    """Somebody who keeps the register of a unit."""
    scope = Scope(ScopeKind.UNIT, home.unit_id)
    return Actor(subject, frozenset({Grant(Role.DESK_OFFICER, scope)}), operation="test")


def the_person(subject_id: UUID) -> Actor:
    """The person themself, who reaches nothing but their own."""
    scope = Scope(ScopeKind.ENTERPRISE, uuid4())
    grants = frozenset({Grant(Role.OWNER, scope)})
    return Actor("person", grants, person_id=subject_id, operation="test")


class Faltering:
    """A key service that answers as long as it is up."""

    def __init__(self, service: Keyring) -> None:
        self._service = service
        self.up = True
        self.asked = 0

    async def wrap(self, key: bytes, about: bytes, /) -> bytes:
        """Wrap, when up."""
        self._answer()
        return await self._service.wrap(key, about)

    async def unwrap(self, wrapped: bytes, about: bytes, /) -> bytes:
        """Unwrap, when up."""
        self._answer()
        return await self._service.unwrap(wrapped, about)

    def _answer(self) -> None:
        self.asked += 1
        if not self.up:
            raise KeyServiceDown


def a_keyring() -> Keyring:
    """The registry's key out of that file."""
    return Keyring.open(keyring_file(), "registry", environment="development")


def a_vault(service: Faltering | None = None) -> Vault[Guest]:
    """A vault of guests, as a process has it that has just started."""
    return Vault(Guest, Keys(service or a_keyring()))


def personal(kind: type[Any], text: str) -> Any:  # noqa: ANN401 (whatever the kind makes of it)
    """Read a text as pydantic would in a body."""
    return cast("Any", TypeAdapter(kind).validate_python(text))


async def enclose(
    database: Database, vault: Vault[Guest], serial: int = 1, home: Home = BATU, **changes: object
) -> UUID:
    """Keep a guest of a unit."""
    subject_id = uuid4()
    async with database.transaction(an_officer(home)) as tx:
        await vault.enclose(tx, subject_id, home, a_guest(serial, **changes))
    return subject_id


async def read(
    database: Database, vault: Vault[Guest], subject_id: UUID, actor: Actor | None = None
) -> Shown:
    """Read a guest as an officer of Batu, or as somebody else."""
    async with database.reading(actor or an_officer()) as tx:
        return await vault.read(tx, subject_id)


async def search(
    database: Database, vault: Vault[Guest], name: str, value: Personal, actor: Actor | None = None
) -> list[UUID]:
    """Whom an officer of Batu, or somebody else, finds."""
    async with database.reading(actor or an_officer()) as tx:
        return [hit.subject_id for hit in await vault.search(tx, name, value)]


async def change(
    database: Database, vault: Vault[Guest], subject_id: UUID, **changes: Personal | None
) -> Shown:
    """Change the first version of a guest."""
    async with database.transaction(an_officer()) as tx:
        return await vault.change(tx, subject_id, Versions({1}), changes)


async def erase(database: Database, vault: Vault[Guest], subject_id: UUID) -> None:
    """Erase a guest of Batu."""
    async with database.transaction(an_officer()) as tx:
        await vault.erase(tx, subject_id)
