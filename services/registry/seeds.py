"""Believable demo data, made through the use cases; made twice, it is there once."""

from typing import Final

from services.registry import queries, sample_rows
from services.registry.rows import Row, check_values
from services.registry.schemas import OpenUnit
from services.registry.settings import Settings
from services.registry.use_cases import open_unit
from services.registry.use_cases.imports import register_row
from shared.access.actor import system
from shared.database import Database
from shared.streams.log import Tx

ENTERPRISES: Final = 300
_SEED: Final = 2026


async def seed(settings: Settings) -> None:
    """Open the hundred units and register some enterprises with them, where they are missing."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction(system(settings.service)) as tx:
            codes = [await _open(tx, code, level) for code, level in sample_rows.units()]
        async with database.transaction(system(settings.service)) as tx:
            await _register_missing(tx, list(sample_rows.rows(ENTERPRISES, _SEED, codes)))
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
