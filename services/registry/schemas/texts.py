"""The texts, days and amounts that people send to the registry."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.events.state import TradeName
from shared.text import Line, legible, measured, named, text_schema

NewName = Annotated[TradeName, AfterValidator(legible), AfterValidator(named)]
"""A trade name as it may be given; what was given before is read as it is."""
Reference = Annotated[Line, measured(0, 40), text_schema(0, 40)]
"""An office's own number for an enterprise."""
Words = Annotated[Line, measured(1, 1_000), text_schema(1, 1_000)]
"""A reason in a few sentences."""
Version = Annotated[Line, measured(1, 40), text_schema(1, 40)]
"""What a text calls its own version."""

Day = Annotated[date, Field(ge=date(1945, 8, 17), le=date(2199, 12, 31))]
Rupiah = Annotated[int, Field(ge=0, le=1_000_000_000_000_000)]
Workers = Annotated[int, Field(ge=0, le=100_000)]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(2000, 2200)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise PydanticCustomError(
            "day_shape", "A day looks like 2026-11-24, in the years 2000 to 2199"
        )
    return text


DayText = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day in a query, where pydantic would take a number for one."""
