"""Invents owners who are plainly nobody: no district has their NIKs' first six digits."""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

_NOWHERE: Final = "990101"
_FAMILY_NAME: Final = "Contoh"
"""Indonesian for example, so that nobody takes one of them for a person."""
_NAMES: Final = {
    "female": ("Ayu", "Bulan", "Citra", "Dewi", "Intan", "Kartika", "Melati", "Ratna", "Sekar"),
    "male": ("Adi", "Bayu", "Cahyo", "Danu", "Galih", "Jaka", "Panji", "Surya", "Wira"),
}
_WOMEN: Final = 0.6


def owners(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Invent owners, each with a NIK and a telephone number of their own."""
    random = Random(seed)  # noqa: S311 (repeatable on purpose, nothing secret)
    for number in range(1, count + 1):
        sex = "female" if random.random() < _WOMEN else "male"
        day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1960, 2004)
        born = f"{day + 40 * (sex == 'female'):02}{month:02}{year % 100:02}"
        yield {
            "name": f"{random.choice(_NAMES[sex])} {_FAMILY_NAME}",
            "nik": f"{_NOWHERE}{born}{number:04}",
            "birth_date": f"{year}-{month:02}-{day:02}",
            "sex": sex,
            "phone": f"0812000{number:05}",
            "address": f"Jalan {_FAMILY_NAME} {number}",
        }
