"""Things a test needs, with believable values; each can be changed by name."""

from typing import Any
from uuid import UUID, uuid4

from services.registry.ids import unit_id
from services.registry.models import Enterprise, Unit
from services.registry.schemas import OpenUnit, RegisterEnterprise
from services.registry.use_cases import open_unit, register_enterprise
from shared.access.actor import system
from shared.database import Database

BATU = "35.79"
MALANG = "35.73"
VILLAGE = "35.79.01.1001"


def an_enterprise(**changes: object) -> dict[str, Any]:
    """The body of a registration."""
    return {
        "kind": "enterprise",
        "trade_name": "Keripik Apel Panderman",
        "unit_id": str(unit_id(BATU)),
        "village_code": VILLAGE,
        "kbli": "10794",
        "size_class": "mikro",
    } | changes


def a_key() -> dict[str, str]:
    """The header of a first attempt at making something."""
    return {"Idempotency-Key": str(uuid4())}


async def open_batu(database: Database) -> Unit:
    """Open the unit of Kota Batu."""
    async with database.transaction(system("test")) as tx:
        return await open_unit(tx, OpenUnit(level="regency", region_code=BATU))


def a_registration(**changes: object) -> RegisterEnterprise:
    """The same as a command."""
    return RegisterEnterprise.model_validate(an_enterprise(**changes))


async def register(database: Database, **changes: object) -> Enterprise:
    """Register an enterprise with the unit of Kota Batu, which must be open."""
    async with database.transaction(system("test")) as tx:
        return await register_enterprise(tx, a_registration(**changes))


async def register_many(database: Database, count: int) -> list[UUID]:
    """Register many enterprises in one transaction."""
    async with database.transaction(system("test")) as tx:
        ids = []
        for number in range(count):
            command = a_registration(trade_name=f"Warung Nomor {number}")
            ids.append((await register_enterprise(tx, command)).id)
        return ids
