"""Telephone numbers of Indonesia, mobile and fixed, kept as E.164 writes them."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Self

from pydantic_core import PydanticCustomError

from shared.personal import Doubt, Personal

if TYPE_CHECKING:
    from lokal.phone import PhoneInfo

REFUSALS: Final = {
    "phone_shape": "A telephone number of Indonesia looks like 0812 3456 7890 or +62 341 512345",
}
"""The name of the refusal, with the sentence that says what is right."""

DOUBTS: Final = {
    "phone_prefix_unknown": "No operator is known for the first digits of the telephone number",
}
"""The name of the doubt, with its sentence."""

_LONGEST: Final = 30
_WRITTEN = re.compile(r"[0-9+(][0-9 ().-]{6,}")


class Phone(Personal):
    """A telephone number; the country and the last three digits are shown."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {
        "pattern": "^((0|62|[+]62)8[0-9]{8,11}|(0|[+]62)[2-79][0-9]{6,10}|62[2-79][0-9]{7,10})$",
        "maxLength": _LONGEST,
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        number = None
        if len(text) <= _LONGEST and _WRITTEN.fullmatch(text):
            number = _read(text).e164
        if number is None:
            raise PydanticCustomError("phone_shape", REFUSALS["phone_shape"])
        return cls(number)

    def masked(self) -> str:
        return f"{self._text[:3]}{'*' * (len(self._text) - 6)}{self._text[-3:]}"

    def doubts(self) -> Iterator[Doubt]:
        """Look the prefix of a mobile number up among those that operators were given."""
        if _read(self._text).warnings:
            yield Doubt("phone_prefix_unknown", DOUBTS["phone_prefix_unknown"])


def _read(text: str) -> "PhoneInfo":
    # The library is a seventh of what a process imports, and most of them read no number.
    from lokal.phone import parse_phone  # noqa: PLC0415

    return parse_phone(text)
