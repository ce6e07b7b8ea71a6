"""The defects that a generated file may have: one per bad row, each with the importer's code."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from services.registry.sample_rows import COLUMNS, Row
from shared.indonesia.regions import exists

Spoiled = tuple[str, list[str]]
"""The column at fault, empty when it is the line itself, and the cells to write.

A lone surrogate U+DC80 to U+DCFF in a cell stands for one raw byte (PEP 383).
"""
Spoil = Callable[[Row, Random], Spoiled]

DUPLICATE: Final = "duplicate_row"
"""The exact repeat of an earlier good row; made where earlier rows are known."""

LONGEST_TRADE_NAME: Final = 120


def _wrong(column: str, *values: str) -> Spoil:
    def spoil(row: Row, random: Random) -> Spoiled:
        return _put(row, column, random.choice(values))

    return spoil


def _put(row: Row, column: str, value: str) -> Spoiled:
    cells = list(row)
    cells[COLUMNS.index(column)] = value
    return column, cells


def _too_long_a_name(row: Row, random: Random) -> Spoiled:
    name = row.trade_name
    while len(name) <= LONGEST_TRADE_NAME + random.randrange(40):
        name = f"{name} {row.trade_name}"
    return _put(row, "trade_name", name)


def _unknown_village(row: Row, random: Random) -> Spoiled:
    """Name a village its district does not have, or one as the statistics office numbers it."""
    district = row.village[:8]
    unknown = [code for code in (f"{district}.1999", f"{district}.2999") if not exists(code)]
    return _put(row, "village", random.choice([*unknown, district.replace(".", "") + "0003"]))


def _misshapen_village(row: Row, random: Random) -> Spoiled:
    """Write a digit less, a district instead, a spreadsheet's number, digits of another script."""
    digits = row.village.replace(".", "")
    arabic_indic = "".join(chr(ord(digit) - ord("0") + 0x0660) for digit in digits)
    shapes = (digits[:-1], row.village[:8], f"{digits[0]},{digits[1:6]}E+09", arabic_indic)
    return _put(row, "village", random.choice(shapes))


def _misshapen_kbli(row: Row, random: Random) -> Spoiled:
    shapes = (row.kbli[:-1], f"{row.kbli}0", f"C{row.kbli[1:]}", f"{row.kbli[:2]}.{row.kbli[2:]}")
    return _put(row, "kbli", random.choice(shapes))


def _byte_of_another_encoding(row: Row, random: Random) -> Spoiled:
    """Write an e acute or a no-break space as Windows-1252 does, followed by ASCII."""
    word = random.choice(("Kaf\udce9", "Toko\udca0Oleh"))
    return _put(row, "trade_name", f"{word} {row.trade_name}")


def _wrong_number_of_cells(row: Row, random: Random) -> Spoiled:
    cells = list(row)
    return "", random.choice((cells[:-1], cells[:-2], [*cells, ""], [*cells, row.kbli]))


DEFECTS: Final[Mapping[str, Spoil]] = {
    "unit_unknown": _wrong("unit", "99.99", "00", "Kota Batu", ""),
    "kind_unknown": _wrong("kind", "usaha", "koperasi", "company", ""),
    "trade_name_missing": _wrong("trade_name", "", "   "),
    "trade_name_too_long": _too_long_a_name,
    "village_unknown": _unknown_village,
    "village_shape": _misshapen_village,
    "kbli_shape": _misshapen_kbli,
    "kbli_unknown": _wrong("kbli", "00000", "04111", "34100", "44110", "83010"),
    "size_class_unknown": _wrong("size_class", "besar", "micro", "UMK", ""),
    "encoding": _byte_of_another_encoding,
    "columns": _wrong_number_of_cells,
}
"""How to spoil a row, by the code that the importer reports. `duplicate_row` is not here."""

CODES: Final = (*DEFECTS, DUPLICATE)
