"""The size class of an enterprise by the rule `pp7-2021`: PP 7/2021, articles 35 and 36.

Capital, without land and building of the place of business, decides for a business that is being
founded (35, 2 and 3); annual sales decide for one that exists (35, 5 and 6).
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, Literal

from services.registry.errors import LargerThanMedium
from shared.events.registry import SizeClass

RULE: Final = "pp7-2021"
LARGEST_CAPITAL: Final = (1_000_000_000, 5_000_000_000, 10_000_000_000)
LARGEST_SALES: Final = (2_000_000_000, 15_000_000_000, 50_000_000_000)
"""The most rupiah that each class may have, in the order of the classes; the bound is within it."""
_CLASSES: Final[tuple[SizeClass | None, ...]] = ("mikro", "kecil", "menengah", None)


@dataclass(frozen=True, slots=True)
class Classified:
    """The class, what decided it, and what each criterion says alone; None is beyond medium."""

    size_class: SizeClass
    decided_by: Literal["capital", "sales"]
    by_capital: SizeClass | None
    by_sales: SizeClass | None


def classify(capital: int, annual_sales: int, *, new_business: bool) -> Classified:
    """Find the class by capital for a new business, by annual sales otherwise; in rupiah.

    Raises LargerThanMedium when what decides is more than a medium enterprise has.
    """
    by_capital = _CLASSES[bisect_left(LARGEST_CAPITAL, capital)]
    by_sales = _CLASSES[bisect_left(LARGEST_SALES, annual_sales)]
    decided: Literal["capital", "sales"] = "capital" if new_business else "sales"
    size_class = by_capital if new_business else by_sales
    if size_class is None:
        message = "This is more than a medium enterprise has by PP 7/2021, so it is no KUMKM."
        raise LargerThanMedium(message, pointer="/capital" if new_business else "/annual_sales")
    return Classified(size_class, decided, by_capital, by_sales)
