"""Instants as they are written: RFC 3339, with a zone, and of our time."""

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_YEARS: Final = range(2000, 2200)
"""Years that can be meant; far from the ends of what Python, PostgreSQL and their drivers hold."""


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        instant = datetime.fromisoformat(value) if _WRITTEN.fullmatch(value) else None
    except ValueError:
        instant = None
    if instant is None:
        raise PydanticCustomError(
            "instant_shape", "An instant looks like 2026-11-24T08:30:00+07:00, with its zone"
        )
    if instant.year not in _YEARS:
        raise PydanticCustomError("instant_year", "An instant lies in the years 2000 to 2199")
    return instant


FROM_TEXT: Final = BeforeValidator(_read)
Instant = Annotated[AwareDatetime, FROM_TEXT]
"""An instant in a body or a query; pydantic alone would take a number for one."""
