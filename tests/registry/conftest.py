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
    """The registry's database as its worker enters it, with the units of Batu and Malang."""
    database = registry.database("registry", "worker")
    await open_batu(database)
    async with database.transaction(registry.actor) as tx:
        await open_unit(tx, OpenUnit(level="regency", region_code=MALANG))
    return database


@pytest.fixture
async def client(registry: Ecosystem, database: Database) -> httpx.AsyncClient:  # noqa: ARG001
    """The operator's client, once the units are open."""
    return await registry.client("registry")


@pytest.fixture
async def desk(registry: Ecosystem, database: Database) -> httpx.AsyncClient:  # noqa: ARG001
    """The client of a desk officer of Batu, once the units are open."""
    return await registry.client("registry", "batu")


@pytest.fixture
async def head(registry: Ecosystem, database: Database) -> httpx.AsyncClient:  # noqa: ARG001
    """The client of the head of Batu's unit."""
    return await registry.client("registry", "batu_head")
