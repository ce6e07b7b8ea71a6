"""NIK, the number of a person: what it must be, and what about it deserves a second look.

Two digits each of the province, the regency and the district where it was first issued; day,
month and year of birth, to the day 40 added for a woman; four digits that tell apart who shares
all of that (Permendagri 74/2015). It never changes, so what it says may be out of date.
"""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, Self

from pydantic_core import PydanticCustomError

from shared.indonesia import regions
from shared.personal import Doubt, Personal
from shared.persons import BirthDate, Sex

REFUSALS: Final = {
    "nik_shape": "A NIK has exactly sixteen digits and nothing else",
    "nik_day": "The seventh and eighth digit of a NIK are a day: 01 to 31, for a woman 41 to 71",
    "nik_month": "The ninth and tenth digit of a NIK are a month: 01 to 12",
    "nik_serial": "The last four digits of a NIK begin with 0001",
}
"""The names of the refusals, each with the sentence that says what is right."""

DOUBTS: Final = {
    "nik_region_unknown": "No district of today has the first six digits of the NIK; an old code "
    "is right all the same",
    "nik_birth_date_differs": "The NIK was issued for another date of birth",
    "nik_sex_differs": "The NIK was issued for the other sex",
}
"""The names of the doubts, each with its sentence."""

_SHAPE = re.compile(r"[0-9]{16}")
_FOR_WOMEN: Final = 40


class Nik(Personal):
    """The number of a person; the region it was issued in and the serial are shown."""

    __slots__ = ()

    written: ClassVar[Mapping[str, object]] = {
        "pattern": "^[0-9]{6}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{2}"
        "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)$"
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _SHAPE.fullmatch(text):
            raise _refusal("nik_shape")
        day, month, serial = int(text[6:8]), int(text[8:10]), int(text[12:])
        if not (1 <= day <= 31 or 1 <= day - _FOR_WOMEN <= 31):  # noqa: PLR2004 (days of a month)
            raise _refusal("nik_day")
        if not 1 <= month <= 12:  # noqa: PLR2004 (months of a year)
            raise _refusal("nik_month")
        if not serial:
            raise _refusal("nik_serial")
        return cls(text)

    def masked(self) -> str:
        return f"{self._text[:6]}******{self._text[-4:]}"

    def doubts(self, birth_date: BirthDate, sex: Sex) -> Iterator[Doubt]:
        """Compare it with the regions of today and with what else is known of the person."""
        if not regions.exists(self._text[:6]):
            yield _doubt("nik_region_unknown")
        day = int(self._text[6:8])
        woman = day > _FOR_WOMEN
        if f"{day - _FOR_WOMEN * woman:02}{self._text[8:12]}" != f"{birth_date.day:%d%m%y}":
            yield _doubt("nik_birth_date_differs")
        if woman != (sex.reveal() == "female"):
            yield _doubt("nik_sex_differs")


def _refusal(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, REFUSALS[code])


def _doubt(code: str) -> Doubt:
    return Doubt(code, DOUBTS[code])
