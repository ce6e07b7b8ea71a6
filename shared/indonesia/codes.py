"""Codes as types for pydantic: strict about the shape, with a stable name for each refusal.

`…Shape` checks how a code is written and puts in the dots; it loads nothing and is for contracts,
where a code that this edition does not know must still be readable. `…Code` also asks whether it
exists, and is for what people send.
"""

import re
from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.indonesia import kbli, regions

REFUSALS: Final = {
    "village_shape": "A village code has ten digits, written like 31.71.01.1001",
    "village_unknown": "No village has this Kemendagri code; a BPS code looks alike and differs",
    "region_shape": "A region code has 2, 4, 6 or 10 digits, written like 35.79",
    "region_unknown": "No region has this Kemendagri code",
    "kbli_shape": "A KBLI code has exactly five digits, like 10794",
    "nib_shape": "A NIB has exactly thirteen digits and nothing else",
    "kbli_unknown": "KBLI has no division with the first two digits of this code",
}
"""The names of the refusals below, each with the sentence that says what is right."""

_VILLAGE_LENGTH: Final = len("31.71.01.1001")
_NIB = re.compile(r"[0-9]{13}")


def _rule(name: str, accept: Callable[[str], str | None]) -> AfterValidator:
    def check(value: str) -> str:
        accepted = accept(value)
        if accepted is None:
            raise PydanticCustomError(name, REFUSALS[name])
        return accepted

    return AfterValidator(check)


def _village(value: str) -> str | None:
    code = regions.dotted(value)
    return code if code is not None and len(code) == _VILLAGE_LENGTH else None


def _existing_region(code: str) -> str | None:
    return code if regions.exists(code) else None


def _five_digits(value: str) -> str | None:
    return value if kbli.is_shaped(value) else None


def _thirteen_digits(value: str) -> str | None:
    return value if _NIB.fullmatch(value) else None


def _of_a_division(code: str) -> str | None:
    return code if kbli.division(code) else None


def _text(pattern: str, example: str, mode: Literal["validation"] | None = None) -> WithJsonSchema:
    schema = {"type": "string", "pattern": pattern, "examples": [example]}
    return WithJsonSchema(schema, mode=mode)


VillageShape = Annotated[
    str,
    Field(strict=True),
    _rule("village_shape", _village),
    _text(r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$", "31.71.01.1001"),
]
RegionShape = Annotated[
    str,
    Field(strict=True),
    _rule("region_shape", regions.dotted),
    _text(r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$", "35.79"),
]
KbliShape = Annotated[
    str, Field(strict=True), _rule("kbli_shape", _five_digits), _text("^[0-9]{5}$", "10794")
]

VillageCode = Annotated[
    VillageShape,
    _rule("village_unknown", _existing_region),
    _text(r"^([0-9]{10}|[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})$", "31.71.01.1001", "validation"),
]
RegionCode = Annotated[
    RegionShape,
    _rule("region_unknown", _existing_region),
    _text(
        r"^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{4})?)?|\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$",
        "35.79",
        "validation",
    ),
]
KbliCode = Annotated[KbliShape, _rule("kbli_unknown", _of_a_division)]

Nib = Annotated[
    str,
    Field(strict=True),
    _rule("nib_shape", _thirteen_digits),
    _text("^[0-9]{13}$", "0220001234567"),
]
"""The number of a business (PP 5/2021); it has no check digit, so only OSS can say more."""
