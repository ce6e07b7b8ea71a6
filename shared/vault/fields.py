"""How a service declares what it keeps of a person, and what it gives out of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self, cast, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.personal import Doubt, Personal


@dataclass(frozen=True, slots=True)
class Indexed:
    """Marks a field that is searched for exactly: `Annotated[Phone, SEARCHABLE]`."""

    sole: bool
    """Whether no two subjects of a unit may have the same value."""


SEARCHABLE = Indexed(sole=False)
SOLE = Indexed(sole=True)


class PersonalFields(BaseModel):
    """What is kept of a person; every field is Personal, and optional where it may be absent.

    Each is masked as its type says, and found only if it is marked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        for name in cls.model_fields:
            cls.kind_of(name)

    @classmethod
    def kind_of(cls, name: str) -> type[Personal]:
        """What a field holds when it is there. Raises TypeError unless that is Personal."""
        annotation = cls.model_fields[name].annotation
        kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
        if len(kinds) != 1 or not issubclass(kinds[0], Personal):
            message = f"{cls.__name__}.{name} must be Personal"
            raise TypeError(message)
        kind: type[Personal] = kinds[0]
        return kind

    @classmethod
    def indexed(cls) -> dict[str, Indexed]:
        """The fields that are searched for."""
        return {
            name: mark
            for name, field in cls.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Indexed)
        }

    @classmethod
    def kept(cls, texts: Mapping[str, str]) -> Self:
        """Take back what was accepted before, whatever the rules are today."""
        absent = dict.fromkeys(cls.model_fields)
        values = {name: cls.kind_of(name)(text) for name, text in texts.items()}
        return cast("Self", cls.model_construct(None, **absent | values))

    def present(self) -> dict[str, Personal]:
        """The fields that are there."""
        return {name: value for name, value in self if value is not None}

    def doubts(self) -> Iterator[Doubt]:
        """Compare the fields with each other; nothing is refused for a doubt."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Home:
    """The unit that a subject belongs to, and that unit's region."""

    unit_id: UUID
    region_code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject as it is shown: its fields masked, with what about them deserves a second look."""

    subject_id: UUID
    home: Home
    version: int
    fields: Mapping[str, str]
    doubts: tuple[Doubt, ...]

    @classmethod
    def of(cls, subject_id: UUID, home: Home, version: int, fields: PersonalFields) -> Self:
        """Mask the fields."""
        masked = {name: value.masked() for name, value in fields.present().items()}
        return cls(subject_id, home, version, masked, tuple(fields.doubts()))
