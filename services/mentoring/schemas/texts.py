"""The texts, days and numbers that people send to mentoring."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.text import Line, measured, text_schema

Indicator = Annotated[Line, measured(1, 200), text_schema(1, 200)]
"""What a goal is measured by, and in what: "Omzet per bulan (rupiah)"."""

Words = Annotated[Line, measured(1, 5_000), text_schema(1, 5_000)]
"""What was said, or why. It stays in this service's own tables."""

Hours = Annotated[int, Field(ge=1, le=40)]
"""Hours a week, of which the law has forty (PP 35/2021, 21)."""

Number = Annotated[int, Field(ge=-(10**15), le=10**15)]
"""A measure of any kind: rupiah, pieces, percent."""

Value = Annotated[int, Field(ge=0, le=10**15)]
"""Rupiah, or how many."""

Minutes = Annotated[int, Field(ge=1, le=720)]

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
