"""Reads a file of enterprises line by line; pure, and exact about what is wrong where.

One physical line is one row: no field may contain a line break. So a row's line number is what
an editor shows, a stray quotation mark spoils one row only, and reading can go on from any line.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.registry.errors import FileUnreadable
from services.registry.ids import row_id
from services.registry.schemas import NewName, Reference
from shared.events.registry import Kind, SizeClass
from shared.indonesia.codes import KbliCode, VillageCode

REQUIRED: Final = ("unit", "kind", "trade_name", "village", "kbli", "size_class")
OPTIONAL: Final = ("reference",)
DELIMITERS: Final = (",", ";", "\t")
LONGEST_LINE: Final = 10_000
"""Bytes."""
_BOM: Final = b"\xef\xbb\xbf"

_ADAPTERS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "trade_name": TypeAdapter(NewName),
    "village": TypeAdapter(VillageCode),
    "kbli": TypeAdapter(KbliCode),
    "reference": TypeAdapter(Reference),
}
_CODES: Final = {
    "text_missing": "missing",
    "text_too_long": "too_long",
    "text_characters": "characters",
    "text_marks": "characters",
    "text_without_letters": "letters",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: what separates its columns, and their names in order."""

    delimiter: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, first_line: bytes) -> "Layout":
        """Read the header. Raises FileUnreadable with what to change."""
        try:
            header = first_line.removeprefix(_BOM).decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise FileUnreadable(
                "Save the file as CSV in UTF-8; this is another encoding."
            ) from None
        for delimiter in DELIMITERS:
            columns = tuple(name.strip().strip('"').lower() for name in header.split(delimiter))
            if set(REQUIRED) <= set(columns):
                _refuse_strangers(columns)
                return cls(delimiter, columns)
        raise FileUnreadable(
            "The first line must name the columns {columns}, separated by comma or semicolon.",
            columns=", ".join(REQUIRED),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A line that can be taken over."""

    line: int
    enterprise_id: UUID
    unit_id: UUID
    kind: Kind
    trade_name: str
    village_code: str
    kbli: str
    size_class: SizeClass
    reference: str | None


@dataclass(frozen=True, slots=True)
class Defect:
    """A line that cannot, the column at fault (none if it is the line), and the reason's code."""

    line: int
    field: str
    code: str


def read_row(
    layout: Layout, line: int, raw: bytes, units: Mapping[str, UUID]
) -> Row | Defect | None:
    """Read one line; None for one that is empty. `units` gives the unit of a region code."""
    cells = _cells(layout, raw)
    if isinstance(cells, str):
        return Defect(line, "", cells)
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(layout.columns):
        return Defect(line, "", "columns")
    values = {name: cell.strip() for name, cell in zip(layout.columns, cells, strict=True)}
    for name, value in values.items():
        if _has_undecoded_bytes(value):
            return Defect(line, name, "encoding")
    return check_values(line, values, units)


def _cells(layout: Layout, raw: bytes) -> Sequence[str] | str:
    """The cells of a line, or the code of what keeps it from being taken apart."""
    text = raw.decode(errors="surrogateescape").rstrip("\r\n")
    if len(raw) > LONGEST_LINE:
        return "line_too_long"
    if "\x00" in text or "\r" in text:
        return "columns"
    try:
        return next(csv.reader([text], delimiter=layout.delimiter, strict=True), [])
    except csv.Error:
        return "quote"


def check_values(line: int, values: Mapping[str, str], units: Mapping[str, UUID]) -> Row | Defect:
    """Check the cells of a row by the names of their columns."""
    values = dict(values)
    if values["unit"] not in units:
        return Defect(line, "unit", "unit_unknown")
    for name, choices in (("kind", Kind), ("size_class", SizeClass)):
        if values[name] not in get_args(choices):
            return Defect(line, name, f"{name}_unknown")
    for name in ("trade_name", "village", "kbli", "reference"):
        if name in values:
            try:
                values[name] = _ADAPTERS[name].validate_python(values[name])
            except ValidationError as error:
                code = error.errors()[0]["type"]
                return Defect(line, name, f"{name}_{_CODES[code]}" if code in _CODES else code)
    reference = values.get("reference", "")
    fingerprint = (*(values[name] for name in REQUIRED), reference)
    return Row(
        line=line,
        enterprise_id=row_id(*fingerprint),
        unit_id=units[values["unit"]],
        kind=values["kind"],  # type: ignore[arg-type]  # checked against the choices above
        trade_name=values["trade_name"],
        village_code=values["village"],
        kbli=values["kbli"],
        size_class=values["size_class"],  # type: ignore[arg-type]  # as above
        reference=reference or None,
    )


def _refuse_strangers(columns: tuple[str, ...]) -> None:
    known = set(REQUIRED) | set(OPTIONAL)
    strange = [str(n) for n, name in enumerate(columns, 1) if name not in known]
    if strange:
        raise FileUnreadable(
            "Take out the columns that do not belong: number {places}.",
            places=", ".join(strange[:20]),
        )
    if len(set(columns)) < len(columns):
        raise FileUnreadable("A column is named twice in the first line.")


def _has_undecoded_bytes(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)
