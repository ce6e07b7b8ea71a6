"""What is kept of a person in any country; each kind is read in one way and masked in one way."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Self

from pydantic_core import PydanticCustomError

from shared.personal import HIDDEN, Personal
from shared.text import clean, legible, named

_OLDEST = date(1900, 1, 1)
_E_MAIL = re.compile(r"[!-?A-~]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_LONGEST_E_MAIL = 254
"""Characters, by RFC 5321."""


class _Line(Personal):
    """One line of clean text of a bounded length."""

    __slots__ = ()

    longest: ClassVar[int]

    @classmethod
    def parse(cls, text: str) -> Self:
        line = legible(clean(text))
        if not line:
            raise PydanticCustomError("text_missing", "Something must be written here")
        if len(line) > cls.longest:
            context = {"longest": cls.longest}
            raise PydanticCustomError("text_too_long", "At most {longest} characters", context)
        return cls(line)


class PersonName(_Line):
    """What somebody is called; of each word the first letter is shown."""

    __slots__ = ()

    longest = 120
    written: ClassVar[Mapping[str, object]] = {"minLength": 1, "maxLength": longest}

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(named(super().parse(text).reveal()))

    def masked(self) -> str:
        return " ".join(f"{word[0]}{HIDDEN}" for word in self._text.split())


class PostalAddress(_Line):
    """Where somebody lives, as it is written on a letter; nothing of it is shown."""

    __slots__ = ()

    longest = 300
    written: ClassVar[Mapping[str, object]] = {"minLength": 1, "maxLength": longest}


class EmailAddress(Personal):
    """Where somebody gets e-mail; the first letter is shown, and the domain."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {
        "pattern": f"^{_E_MAIL.pattern}$",
        "maxLength": _LONGEST_E_MAIL,
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        line = clean(text)
        if len(line) > _LONGEST_E_MAIL or not _E_MAIL.fullmatch(line):
            raise PydanticCustomError("email_shape", "An e-mail address looks like name@place.id")
        return cls(line)

    def masked(self) -> str:
        name, _, place = self._text.rpartition("@")
        return f"{name[0]}{HIDDEN}@{place}"


class BirthDate(Personal):
    """The day somebody was born; the year is shown."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {"format": "date"}

    @classmethod
    def parse(cls, text: str) -> Self:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        # The digits of other scripts are digits to Python.
        if not text.isascii() or day.isoformat() != text:
            raise PydanticCustomError("date_shape", "A date looks like 1987-05-31")
        # One day ahead of UTC, so that nobody born today in Papua is refused.
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        if not _OLDEST <= day <= tomorrow:
            raise PydanticCustomError("date_of_no_one", "Nobody alive was born on this day")
        return cls(text)

    @property
    def day(self) -> date:
        """The date itself."""
        return date.fromisoformat(self._text)

    def masked(self) -> str:
        return f"{self._text[:4]}-**-**"


class Sex(Personal):
    """What the civil registry records: "female" or "male"; not shown."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {"enum": ["female", "male"]}

    @classmethod
    def parse(cls, text: str) -> Self:
        if text not in {"female", "male"}:
            raise PydanticCustomError("sex_unknown", "Either female or male")
        return cls(text)
