"""Writes a file of invented enterprises and, beside it, the list of the defects planted in it."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from deploy.cli.demo.defects import CODES, DEFECTS, DUPLICATE
from services.registry.sample_rows import COLUMNS, Row, rows, units

_REMEMBERED: Final = 1_000
"""How many good rows back a repeat may reach."""


class Planted(NamedTuple):
    """A defect: its physical line (the header is 1), its column or none, and its code."""

    line: int
    field: str
    code: str


def list_of_defects(file: Path) -> Path:
    """Where the defects of a file are listed: `kumkm.csv` has `kumkm.defects.csv`."""
    return file.with_suffix(".defects.csv")


def generate(file: Path, count: int, defects: int, seed: int, delimiter: str) -> Iterator[int]:
    """Write the rows, `defects` of them bad, and yield how many are written, row by row.

    There must be fewer defects than rows: the first row is always good.
    """
    random = Random(seed)  # noqa: S311 (repeatable on purpose, nothing secret)
    plan = _plan(count, defects, random)
    good_rows = rows(count, seed, [unit.region_code for unit in units()])
    with (
        file.open("w", encoding="utf-8", errors="surrogateescape", newline="") as text,
        list_of_defects(file).open("w", encoding="utf-8", newline="") as listing,
    ):
        table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        planted_table = csv.writer(listing, lineterminator="\n")
        table.writerow(COLUMNS)
        planted_table.writerow(Planted._fields)
        for number, (cells, planted) in enumerate(_spoiled(good_rows, plan, random), start=1):
            table.writerow(cells)
            if planted is not None:
                planted_table.writerow(planted)
            yield number


def _plan(count: int, defects: int, random: Random) -> Mapping[int, str]:
    """Choose the lines to spoil, and each one's code, every code about equally often."""
    lines = random.sample(range(3, count + 2), defects)
    return {line: CODES[number % len(CODES)] for number, line in enumerate(lines)}


def _spoiled(
    good_rows: Iterator[Row], plan: Mapping[int, str], random: Random
) -> Iterator[tuple[list[str], Planted | None]]:
    earlier: deque[Row] = deque(maxlen=_REMEMBERED)
    for line, row in enumerate(good_rows, start=2):
        code = plan.get(line)
        if code is None:
            earlier.append(row)
            yield list(row), None
        elif code == DUPLICATE:
            yield list(random.choice(earlier)), Planted(line, "", code)
        else:
            field, cells = DEFECTS[code](row, random)
            yield cells, Planted(line, field, code)
