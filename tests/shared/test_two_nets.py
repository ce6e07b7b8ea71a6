"""The scope of each query and row security hold alone what they hold together."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from services.registry.ids import unit_id
from shared.access.actor import Actor, Grant, Role, Scope, ScopeKind
from shared.access.scope import visible_to
from shared.database import Database, open_engine
from shared.migrations.roles import become_owner
from tests.support.builders import BATU, MALANG
from tests.support.databases import ROLES
from tests.support.ecosystem import Ecosystem
from tests.support.row_security import (
    PLACE,
    drawer,
    in_drawer,
    make_drawer,
    queries_without_scope,
    without_row_security,
)

ACTOR = Actor("somebody", frozenset({Grant(Role.CONSULTANT, Scope(ScopeKind.UNIT, unit_id(BATU)))}))


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """The registry's database, in whose guarded table Batu and Malang have a row each."""
    await make_drawer(registry)
    async with registry.database("registry", "worker").transaction() as tx:
        for region in (BATU, MALANG):
            await tx.execute(in_drawer(unit_id(region), region, region))
    return registry.database("registry")


async def scoped(database: Database) -> list[str]:
    """What a query finds that does not forget its scope."""
    async with database.reading(ACTOR) as tx:
        return sorted(await tx.scalars(sa.select(drawer.c.content).where(visible_to(ACTOR, PLACE))))


async def test_where_queries_forget_their_scope_row_security_holds(database: Database) -> None:
    with queries_without_scope():
        assert await scoped(database) == [BATU]


async def test_where_nothing_is_guarded_the_queries_hold(
    registry: Ecosystem, database: Database
) -> None:
    async with without_row_security(registry, "registry"):
        assert await scoped(database) == [BATU]


async def test_each_net_is_really_taken_away_and_put_back(
    registry: Ecosystem, database: Database
) -> None:
    async with without_row_security(registry, "registry"):
        with queries_without_scope():
            assert await scoped(database) == [MALANG, BATU]

    with queries_without_scope():
        assert await scoped(database) == [BATU]
    async with without_row_security(registry, "registry"):
        assert await scoped(database) == [BATU]


@pytest.mark.usefixtures("database")
async def test_a_migration_that_forgets_the_guard_fails_and_does_not_find_nothing(
    registry: Ecosystem,
) -> None:
    engine = open_engine(registry.addresses["registry"].owner, pool_size=1)

    async with engine.begin() as owner:
        await owner.run_sync(become_owner, ROLES["registry"])
        with pytest.raises(ProgrammingError, match="would be affected by row-level security"):
            await owner.execute(sa.update(drawer).values(content="changed"))
    await engine.dispose()
