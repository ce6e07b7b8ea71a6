"""Invents believable units and enterprises; the same seed gives the same rows, in any number.

Nothing here is a real business, and no name is a person's. The hundred units stand in the file
beside this module: real regions, chosen to look like the country, not an official list.
"""

import csv
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from services.registry import sample_words as words
from shared.indonesia.regions import village, villages_in

COLUMNS: Final = ("reference", "unit", "kind", "trade_name", "village", "kbli", "size_class")

_COOPERATIVES: Final = 0.12
_UNNUMBERED: Final = 0.10
"""Rows for which the office has no number of its own."""
_IN_THE_REGION, _IN_THE_PROVINCE = 0.85, 0.97
"""How far from its unit an enterprise lies, as cumulated shares; the rest lies anywhere."""
_MIKRO, _KECIL = 0.96, 0.99
"""Size classes, as cumulated shares; the rest is menengah."""


class Unit(NamedTuple):
    """A centre: the region it serves, and whether that is a province or a regency or city."""

    region_code: str
    level: str


class Row(NamedTuple):
    """A row of a file of enterprises, as `COLUMNS` names its cells."""

    reference: str
    unit: str
    kind: str
    trade_name: str
    village: str
    kbli: str
    size_class: str


def units() -> tuple[Unit, ...]:
    """Read the hundred units: 26 of provinces, 74 of regencies and cities."""
    text = Path(__file__).with_name("plut_units.csv").read_text(encoding="utf-8")
    return tuple(Unit(**line) for line in csv.DictReader(text.splitlines()))


def rows(count: int, seed: int, unit_codes: Sequence[str]) -> Iterator[Row]:
    """Invent rows, no two of them alike, for units given by their regions' codes."""
    random = Random(seed)  # noqa: S311 (repeatable on purpose, nothing secret)
    unnumbered: set[Row] = set()
    for number in range(1, count + 1):
        row = _row(random, random.choice(unit_codes))
        if random.random() < _UNNUMBERED and row not in unnumbered:
            unnumbered.add(row)
            yield row
        else:
            yield row._replace(reference=f"{row.unit}/{number:07}")


def _row(random: Random, unit: str) -> Row:
    village_code = _village_near(unit, random)
    kind = "cooperative" if random.random() < _COOPERATIVES else "enterprise"
    trade = random.choice(words.COOPERATIVES if kind == "cooperative" else words.ENTERPRISES)
    size = random.random()
    return Row(
        reference="",
        unit=unit,
        kind=kind,
        trade_name=_name(random, trade, village_code),
        village=village_code,
        kbli=trade.kbli,
        size_class="mikro" if size < _MIKRO else "kecil" if size < _KECIL else "menengah",
    )


def _name(random: Random, trade: words.Trade, village_code: str) -> str:
    found = village(village_code)
    place = found.name if found else ""
    pattern = random.choice(trade.patterns)
    return pattern.format(
        thing=random.choice(trade.things), wish=random.choice(words.WISHES), place=place
    )


def _village_near(unit: str, random: Random) -> str:
    distance = random.random()
    if distance < _IN_THE_REGION:
        return _village_of(unit, random)
    if distance < _IN_THE_PROVINCE:
        return _village_of(unit[:2], random)
    return random.choice(_all_villages())


def _village_of(region: str, random: Random) -> str:
    villages = _all_villages()
    # In order of their codes a region is a slice; a slash is the character after the dot.
    first, after = bisect_left(villages, f"{region}."), bisect_left(villages, f"{region}/")
    return villages[random.randrange(first, after)]


@cache
def _all_villages() -> tuple[str, ...]:
    return tuple(villages_in(""))
