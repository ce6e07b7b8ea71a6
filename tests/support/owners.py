"""Owners for tests, with NIKs of a region that there is not, so that they are nobody's."""

from itertools import count
from typing import Any
from uuid import UUID

import httpx

from services.registry import use_cases
from services.registry.ids import unit_id
from services.registry.owner_schemas import RegisterOwner
from services.registry.vault import open_vault
from shared.access.actor import system
from tests.support.builders import BATU, a_key
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import a_keyring, a_nik

_serials = count(5000)


def an_owner(serial: int | None = None, **changes: object) -> dict[str, Any]:
    """The body of a registration of a person nobody has registered yet, or of a known serial."""
    serial = next(_serials) if serial is None else serial
    return {
        "unit_id": str(unit_id(BATU)),
        "name": "Wulan Percobaan",
        "nik": a_nik(serial),
        "birth_date": "1987-05-05",
        "sex": "female",
        "phone": f"0812000{serial:05}",
        "address": "Jalan Percobaan 1, Batu",
    } | changes


SHOWN = {
    "unit_id": an_owner(1)["unit_id"],
    "name": "W*** P***",
    "nik": "990101******0001",
    "birth_date": "1987-**-**",
    "sex": "***",
    "npwp": None,
    "phone": "+62********001",
    "email": None,
    "address": "***",
}
"""What is shown of the owner with the serial 1, but for the id and the warnings."""
_REVEAL = {"fields": ["nik"], "purpose": "identity"}


async def enclose_owner(ecosystem: Ecosystem, owner_id: UUID, unit: UUID) -> None:
    """Register a person under an id that a test has chosen."""
    command = RegisterOwner.model_validate(an_owner(unit_id=str(unit)))
    async with ecosystem.database("registry").transaction(system("test")) as tx:
        await use_cases.register_owner(tx, open_vault(a_keyring()), command, owner_id)


async def register_owner(client: httpx.AsyncClient, serial: int = 1, **changes: object) -> str:
    """Register a person over HTTP, and return where they are."""
    answer = await client.post("/owners", json=an_owner(serial, **changes), headers=a_key())
    assert answer.status_code == 201, answer.text
    address: str = answer.headers["location"]
    return address.removeprefix("/api/registry/v1")


async def reveal(client: httpx.AsyncClient, address: str, **changes: object) -> httpx.Response:
    """Ask for a person's NIK, or for something else."""
    return await client.post(f"{address}/reveal", json=_REVEAL | changes)


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the type of a problem."""
    return answer.status_code, answer.json()["type"]


def id_of(address: str) -> UUID:
    """The id of the person at an address."""
    return UUID(address.removeprefix("/owners/"))
