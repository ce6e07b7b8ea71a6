"""KBLI, the national list of kinds of business: what a code looks like and which divisions exist.

The list of the 1,790 five-digit groups is not kept here: KBLI 2020 (BPS Regulation 2/2020) and
KBLI 2025 (7/2025) are both in use, and a wrong refusal is worse than a code taken on trust.
"""

import re
from itertools import chain
from typing import Final

_CODE = re.compile(r"[0-9]{5}")

_DIVISIONS_OF_SECTIONS: Final = (
    range(1, 4),  # A  agriculture, forestry, fishing
    range(5, 10),  # B  mining
    range(10, 34),  # C  manufacturing
    range(35, 36),  # D  electricity, gas
    range(36, 40),  # E  water, waste
    range(41, 44),  # F  construction
    range(45, 48),  # G  trade
    range(49, 54),  # H  transport, storage
    range(55, 57),  # I  lodging, food and drink
    range(58, 64),  # J  information, communication
    range(64, 67),  # K  finance, insurance
    range(68, 69),  # L  real estate
    range(69, 76),  # M  professional, scientific, technical
    range(77, 83),  # N  rental, employment, business support
    range(84, 85),  # O  government
    range(85, 86),  # P  education
    range(86, 89),  # Q  health, social work
    range(90, 94),  # R  arts, recreation
    range(94, 97),  # S  other services
    range(97, 99),  # T  households
    range(99, 100),  # U  international bodies
)

DIVISIONS: Final = frozenset(f"{n:02}" for n in chain.from_iterable(_DIVISIONS_OF_SECTIONS))
"""The 88 two-digit divisions (golongan pokok) of KBLI 2020."""


def is_shaped(code: str) -> bool:
    """Whether it has exactly five ASCII digits."""
    return _CODE.fullmatch(code) is not None


def division(code: str) -> str | None:
    """Give the division a five-digit code belongs to, or nothing when there is none."""
    return code[:2] if is_shaped(code) and code[:2] in DIVISIONS else None
