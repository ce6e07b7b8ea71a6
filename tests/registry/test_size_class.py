"""The size class follows from rupiah alone, and its bounds are exact."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.errors import LargerThanMedium
from services.registry.size_class import LARGEST_CAPITAL, LARGEST_SALES, classify
from shared.events.registry import SizeClass

CLASSES: tuple[SizeClass, ...] = get_args(SizeClass)
MOST = 1_000_000_000_000_000
SMALL = 1

BY_CAPITAL = [
    (0, "mikro"),
    (1_000_000_000, "mikro"),
    (1_000_000_001, "kecil"),
    (5_000_000_000, "kecil"),
    (5_000_000_001, "menengah"),
    (10_000_000_000, "menengah"),
]
BY_SALES = [
    (0, "mikro"),
    (2_000_000_000, "mikro"),
    (2_000_000_001, "kecil"),
    (15_000_000_000, "kecil"),
    (15_000_000_001, "menengah"),
    (50_000_000_000, "menengah"),
]


@pytest.mark.parametrize(("capital", "size_class"), BY_CAPITAL)
def test_capital_decides_for_a_new_business(capital: int, size_class: str) -> None:
    found = classify(capital, MOST, new_business=True)

    assert (found.size_class, found.by_capital, found.by_sales) == (size_class, size_class, None)
    assert found.decided_by == "capital"


@pytest.mark.parametrize(("sales", "size_class"), BY_SALES)
def test_sales_decide_for_a_business_that_exists(sales: int, size_class: str) -> None:
    found = classify(MOST, sales, new_business=False)

    assert (found.size_class, found.by_capital, found.by_sales) == (size_class, None, size_class)
    assert found.decided_by == "sales"


@pytest.mark.parametrize(
    ("capital", "sales", "new", "pointer"),
    [
        (10_000_000_001, SMALL, True, "/capital"),
        (SMALL, 50_000_000_001, False, "/annual_sales"),
    ],
)
def test_more_than_a_medium_enterprise_has_is_refused(
    capital: int, sales: int, pointer: str, *, new: bool
) -> None:
    with pytest.raises(LargerThanMedium) as refusal:
        classify(capital, sales, new_business=new)

    assert refusal.value.pointer == pointer


def bounds_and_beside(limits: tuple[int, ...]) -> st.SearchStrategy[int]:
    """Amounts of all sizes, those at a bound and one rupiah beside it above all."""
    beside = [limit + step for limit, step in product(limits, (-1, 0, 1))]
    return st.sampled_from(beside) | st.integers(0, MOST)


amounts = st.tuples(bounds_and_beside(LARGEST_CAPITAL), bounds_and_beside(LARGEST_SALES))


@given(amount=amounts, new=st.booleans())
def test_a_class_holds_its_largest_amount_and_none_above(
    *, amount: tuple[int, int], new: bool
) -> None:
    capital, sales = amount
    decisive, limits = (capital, LARGEST_CAPITAL) if new else (sales, LARGEST_SALES)
    within = [name for name, limit in zip(CLASSES, limits, strict=True) if decisive <= limit]

    if within:
        assert classify(capital, sales, new_business=new).size_class == within[0]
    else:
        with pytest.raises(LargerThanMedium):
            classify(capital, sales, new_business=new)


@given(one=amounts, other=amounts, new=st.booleans())
def test_what_does_not_decide_changes_nothing_but_what_is_noted_of_it(
    *, one: tuple[int, int], other: tuple[int, int], new: bool
) -> None:
    decisive = min(one[0], LARGEST_CAPITAL[-1]), min(one[1], LARGEST_SALES[-1])
    mixed = (decisive[0], other[1]) if new else (other[0], decisive[1])

    first = classify(*decisive, new_business=new)
    second = classify(*mixed, new_business=new)

    assert (first.size_class, first.decided_by) == (second.size_class, second.decided_by)
