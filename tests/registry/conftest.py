"""A registry whose units are open, and the operator's client of it."""

import httpx
import pytest

from services.registry.schemas import OpenUnit
from services.registry.use_cases import open_unit
from shared.database import Database
from tests.support.builders import MALANG, open_batu
from tests.support.ecosystem import Ecosystem


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """The registry's database, with the units of Batu and Malang."""
    database = registry.database("registry")
    await open_batu(database)
    async with database.transaction(registry.actor) as tx:
        await open_unit(tx, OpenUnit(level="regency", region_code=MALANG))
    return database


@pytest.fixture
async def client(registry: Ecosystem, database: Database) -> httpx.AsyncClient:  # noqa: ARG001
    """The operator's client, once the units are open."""
    return await registry.client("registry")
