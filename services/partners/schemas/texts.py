"""The texts, days and numbers that people send to partners."""

from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from shared.text import clean, legible, measured, text_schema

Title = Annotated[
    str, AfterValidator(clean), AfterValidator(legible), measured(1, 200), text_schema(1, 200)
]
"""What an agreement or an opportunity is called."""

Words = Annotated[
    str, AfterValidator(clean), AfterValidator(legible), measured(1, 2_000), text_schema(1, 2_000)
]
"""A few sentences: a reason, a promise, a summary. They stay in this service's own tables."""

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]

MOST_PLACES: Final = 1_000
Quota = Annotated[int, Field(ge=1, le=MOST_PLACES)]

Rupiah = Annotated[int, Field(ge=0, le=1_000_000_000_000_000)]
