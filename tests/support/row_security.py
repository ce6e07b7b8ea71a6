"""A guarded table to try row security on, and the two nets with one of them taken away."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa

from deploy.local.databases import Connection, connected
from shared.access import scope
from shared.access.actor import Actor
from shared.access.scope import Place
from shared.database import open_engine
from shared.migrations.row_security import guarding, reach_over
from tests.support.databases import ROLES
from tests.support.ecosystem import Ecosystem

drawer = sa.Table(
    "drawer",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7()),
    sa.Column("unit_id", sa.Uuid, nullable=False),
    sa.Column("region_code", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Uuid),
    sa.Column("enterprise_id", sa.Uuid),
    sa.Column("partner_id", sa.Uuid),
    sa.Column("content", sa.Text, nullable=False),
    sa.Index("drawer_of_unit", "unit_id", "id"),
)
PLACE = Place(
    unit=drawer.c.unit_id,
    region=drawer.c.region_code,
    enterprise=drawer.c.enterprise_id,
    partner=drawer.c.partner_id,
    persons=drawer.c.subject_id,
)
_REACH = reach_over(subject="subject_id", enterprise="enterprise_id", partner="partner_id")

_GUARDED = "SELECT oid::regclass::text AS name FROM pg_class WHERE relrowsecurity"


async def make_drawer(registry: Ecosystem) -> None:
    """Let the registry's owner make the guarded table."""
    engine = open_engine(registry.addresses["registry"].owner, pool_size=1)
    async with engine.begin() as owner:
        await owner.run_sync(drawer.create)
        for statement in guarding("drawer", ROLES["registry"], _REACH):
            await owner.execute(sa.text(statement))
    await engine.dispose()


def in_drawer(unit: UUID, region: str, content: str, **whose: UUID | None) -> sa.Insert:
    """The statement that puts a row of a unit into the table."""
    return sa.insert(drawer).values(unit_id=unit, region_code=region, content=content, **whose)


@contextmanager
def queries_without_scope() -> Iterator[None]:
    """Every query forgets whom it is for; row security alone must keep the others' rows away."""
    with pytest.MonkeyPatch.context() as patch:
        scoped = scope.visible_to
        for module in list(sys.modules.values()):
            if getattr(module, "visible_to", None) is scoped:
                patch.setattr(module, "visible_to", _everything)
        yield


@asynccontextmanager
async def without_row_security(ecosystem: Ecosystem, service: str) -> AsyncIterator[None]:
    """No table of a service is guarded; its queries alone must keep the others' rows away."""
    async with connected(ecosystem.superuser_url(service)) as superuser:
        tables = [row["name"] for row in await superuser.fetch(_GUARDED)]
        await _switch(superuser, tables, "DISABLE")
        try:
            yield
        finally:
            await _switch(superuser, tables, "ENABLE")


def _everything(_actor: Actor | None, _place: Place) -> sa.ColumnElement[bool]:
    return sa.true()


async def _switch(superuser: Connection, tables: list[str], verb: str) -> None:
    for table in tables:
        await superuser.execute(f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY")
