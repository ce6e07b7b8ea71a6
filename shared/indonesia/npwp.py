"""NPWP, the number of a taxpayer, in the form it has today (PMK 112/PMK.03/2022).

Sixteen digits: a person's is their NIK; one from before is the old fifteen after a zero; a new
body's is any other number. The old fifteen, also written 01.234.567.8-912.000, are kind, serial,
a check digit over these, tax office and branch.
"""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Self

from pydantic_core import PydanticCustomError

from shared.personal import HIDDEN, Doubt, Personal

REFUSALS: Final = {
    "npwp_shape": "An NPWP has sixteen digits, or fifteen in its old form",
}
"""The name of the refusal, with the sentence that says what is right."""

DOUBTS: Final = {
    "npwp_check_digit": "The check digit of the NPWP does not fit; compare it with the card",
}
"""The name of the doubt, with its sentence; that the digit is Luhn's is observed, not decreed."""

_FORMS = re.compile(r"[0-9]{15,16}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}")
_OLD_LENGTH: Final = 15


class Npwp(Personal):
    """The number of a taxpayer, which may be a person's NIK; the last four digits are shown."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {"pattern": f"^({_FORMS.pattern})$"}

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _FORMS.fullmatch(text):
            raise PydanticCustomError("npwp_shape", REFUSALS["npwp_shape"])
        digits = text.replace(".", "").replace("-", "")
        return cls(f"0{digits}" if len(digits) == _OLD_LENGTH else digits)

    def masked(self) -> str:
        return f"{HIDDEN}{self._text[-4:]}"

    def doubts(self) -> Iterator[Doubt]:
        """Check the digit of a number in the old form."""
        if self._text.startswith("0") and not _is_luhn(self._text[1:10]):
            yield Doubt("npwp_check_digit", DOUBTS["npwp_check_digit"])


def _is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0
