"""Says in words what is wrong with a rejected line and how to repair it, in two languages."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from typing import Final
from uuid import UUID

from services.registry import queries
from services.registry.models import ImportRejection
from services.registry.schemas import RejectionView
from shared.database import Database
from shared.web.languages import Language, said
from shared.web.paging import Window

_PAGE: Final = 1_000

REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "unit_unknown": (
        "No unit has this region code.",
        "Write the region code of the unit, such as 35.79.",
    ),
    "unit_not_yours": (
        "The row belongs to another unit.",
        "Leave it to that unit, or correct the code.",
    ),
    "kind_unknown": (
        "The kind is not one of the two.",
        "Write enterprise or cooperative.",
    ),
    "size_class_unknown": (
        "The size class is not one of the three in law.",
        "Write mikro, kecil or menengah.",
    ),
    "trade_name_missing": (
        "The trade name is missing.",
        "Write the name the business trades under.",
    ),
    "trade_name_too_long": (
        "The trade name is longer than 120 characters.",
        "Shorten it.",
    ),
    "trade_name_characters": (
        "The trade name has a character that cannot be shown.",
        "Type the name again.",
    ),
    "trade_name_letters": (
        "The trade name has no letter or digit.",
        "Write the name the business trades under.",
    ),
    "village_shape": (
        "A village code has ten digits.",
        "Write it like 31.71.01.1001, by the Kemendagri list.",
    ),
    "village_unknown": (
        "No village has this code.",
        "Look it up in the Kemendagri list; a BPS code looks alike and differs.",
    ),
    "kbli_shape": (
        "A KBLI code has five digits.",
        "Write the five-digit code of the main activity, such as 10794.",
    ),
    "kbli_unknown": (
        "KBLI has no division with these first two digits.",
        "Look the activity up in KBLI.",
    ),
    "reference_too_long": (
        "Your own number is longer than 40 characters.",
        "Shorten it.",
    ),
    "reference_characters": (
        "Your own number has a character that cannot be shown.",
        "Type it again.",
    ),
    "encoding": (
        "A character is not in UTF-8.",
        "Save the file as CSV in UTF-8 and check this field.",
    ),
    "columns": (
        "The line has more or fewer columns than the first line names.",
        "Give each column one value; put a value with the separator in quotation marks.",
    ),
    "quote": (
        "A quotation mark is not closed, or text follows it.",
        "Close it on the same line, and double one that belongs to the value.",
    ),
    "line_too_long": (
        "The line is longer than 10,000 bytes.",
        "Check for a missing line break.",
    ),
    "duplicate_row": (
        "The same row stands further up in this file.",
        "Take it out, or tell two businesses apart by `reference`.",
    ),
}
"""Of each code the reason and the repair."""


def shown(rejection: ImportRejection, language: Language) -> RejectionView:
    """A rejected line with its reason and repair in words."""
    reason, repair = (said(sentence, language) for sentence in REFUSALS[rejection.code])
    return RejectionView(
        line=rejection.line,
        field=rejection.field,
        code=rejection.code,
        reason=reason,
        repair=repair,
    )


async def as_csv(database: Database, import_id: UUID, language: Language) -> AsyncIterator[str]:
    """The whole report as CSV, read page by page while it is sent."""
    columns = list(RejectionView.model_fields)
    yield _line(columns)
    cursor = None
    while True:
        async with database.reading() as tx:
            found, cursor = await queries.rejections(tx, import_id, Window(cursor, _PAGE))
        for rejection in found:
            yield _line([str(value) for value in shown(rejection, language).model_dump().values()])
        if cursor is None:
            return


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
