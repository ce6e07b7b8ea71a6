"""Believable demo data, made through the use cases; made twice, it is there once."""

from typing import Any, Final
from uuid import UUID, uuid5

from services.registry import queries, sample_owners, sample_rows
from services.registry.ids import NAMESPACE, unit_id
from services.registry.owner_schemas import RegisterOwner
from services.registry.rows import Row, check_values
from services.registry.schemas import OpenUnit, RegisterEnterprise
from services.registry.settings import Settings
from services.registry.use_cases import open_unit, register_enterprise, register_owner
from services.registry.use_cases.enterprises import Origin
from services.registry.use_cases.imports import register_row
from services.registry.vault import Owners, open_vault
from shared.access.actor import system
from shared.database import Database
from shared.streams.log import Tx
from shared.vault.keyring import key_service

ENTERPRISES: Final = 300
"""One of them belongs to the owner who can sign in on a laptop."""
OWNERS: Final = 24
_SEED: Final = 2026
_UNIT: Final = unit_id("35")
"""The PLUT of Jawa Timur, where the people of the development sign-in are."""
_OWNER: Final = uuid5(NAMESPACE, "person:owner")
_ENTERPRISE: Final = uuid5(NAMESPACE, "enterprise:owner")
_KERIPIK: Final = {
    "kind": "enterprise",
    "trade_name": "Keripik Tempe Sari Rasa",
    "unit_id": str(_UNIT),
    "village_code": "35.79.01.1001",
    "kbli": "10794",
    "size_class": "mikro",
}


async def seed(settings: Settings) -> None:
    """Open the hundred units and register enterprises and owners with them, where missing.

    Without a key service there are no owners. Raises KeyringRefused.
    """
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction(system(settings.service)) as tx:
            codes = [await _open(tx, code, level) for code, level in sample_rows.units()]
        async with database.transaction(system(settings.service)) as tx:
            await _register_missing(tx, list(sample_rows.rows(ENTERPRISES - 1, _SEED, codes)))
        async with database.transaction(system(settings.service)) as tx:
            if settings.keyring is not None:
                await _register_owners(tx, open_vault(key_service(settings)))
            await _register_keripik(tx)
    finally:
        await database.close()


async def _open(tx: Tx, region_code: str, level: str) -> str:
    command = OpenUnit.model_validate({"region_code": region_code, "level": level})
    return (await open_unit(tx, command)).region_code


async def _register_missing(tx: Tx, invented: list[sample_rows.Row]) -> None:
    units = await queries.units_by_region(tx)
    ids = {code: unit.id for code, unit in units.items()}
    read = [check_values(n, row._asdict(), ids) for n, row in enumerate(invented)]
    wanted = [row for row in read if isinstance(row, Row)]
    known = await queries.import_ids(tx, [row.enterprise_id for row in wanted])
    for row in wanted:
        if row.enterprise_id not in known:
            await register_row(tx, row)


async def _register_owners(tx: Tx, vault: Owners) -> None:
    ids = [_OWNER, *(uuid5(NAMESPACE, f"person:sample:{n}") for n in range(1, OWNERS))]
    known = await queries.known_owners(tx, ids)
    for owner_id, facts in zip(ids, sample_owners.owners(OWNERS, _SEED), strict=True):
        if owner_id not in known:
            await _register_owner(tx, vault, owner_id, facts)


async def _register_owner(tx: Tx, vault: Owners, owner_id: UUID, facts: dict[str, Any]) -> None:
    command = RegisterOwner.model_validate({"unit_id": str(_UNIT), **facts})
    await register_owner(tx, vault, command, owner_id)


async def _register_keripik(tx: Tx) -> None:
    if await queries.import_ids(tx, [_ENTERPRISE]):
        return
    owners = [str(each) for each in await queries.known_owners(tx, [_OWNER])]
    command = RegisterEnterprise.model_validate({**_KERIPIK, "owner_ids": owners})
    await register_enterprise(tx, command, Origin(_ENTERPRISE))
