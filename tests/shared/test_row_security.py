"""A guarded table shows and takes what is within the actor's reach, whatever a query forgets."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import ProgrammingError

from deploy.local.databases import connected
from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind, system
from shared.access.row_scope import scope_rows
from shared.access.scope import visible_to
from shared.database import Database
from shared.streams.log import Tx
from tests.faults.known_bad import scope_rows_of_the_session
from tests.support.ecosystem import Ecosystem
from tests.support.row_security import PLACE, drawer, in_drawer, make_drawer

BATU, MALANG = UUID(int=1), UUID(int=2)
IDS = [BATU, MALANG, UUID(int=3)]
REGIONS = ["3", "35", "35.79", "35.791", "35.79.01", "35.73", "31.71"]
WHOSE = ["subject_id", "enterprise_id", "partner_id"]
ROWS = [
    (unit, region, whose)
    for unit in IDS
    for region in REGIONS
    for whose in ({}, *({column: of} for column in WHOSE for of in IDS))
]

scopes = st.one_of(
    st.just(NATION),
    st.sampled_from(REGIONS).map(lambda code: Scope(ScopeKind.REGION, code)),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.UNIT, of)),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.ENTERPRISE, of)),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.PARTNER, of)),
)
actors = st.builds(
    lambda scopes, person: reaching(*scopes, person=person),
    st.lists(scopes, max_size=3),
    st.none() | st.sampled_from(IDS),
)


def reaching(*scopes: Scope, person: UUID | None = None) -> Actor:
    """An actor whose grants reach so far."""
    grants = frozenset(Grant(Role.DESK_OFFICER, scope) for scope in scopes)
    return Actor("somebody", grants, person)


def of_unit(unit: UUID) -> Actor:
    return reaching(Scope(ScopeKind.UNIT, unit))


@pytest.fixture
async def drawers(registry: Ecosystem) -> Ecosystem:
    """A registry with an empty guarded table."""
    await make_drawer(registry)
    return registry


@pytest.fixture
async def database(drawers: Ecosystem) -> Database:
    """The registry's database, in whose guarded table Batu and Malang have a row each."""
    async with drawers.database("registry").transaction(reaching(NATION)) as tx:
        await tx.execute(in_drawer(BATU, "35.79", "of Batu"))
        await tx.execute(in_drawer(MALANG, "35.73", "of Malang"))
    return drawers.database("registry")


async def seen(database: Database, actor: Actor | None) -> list[str]:
    """What a query finds that asks for everything."""
    async with database.reading(actor) as tx:
        return sorted(await tx.scalars(sa.select(drawer.c.content)))


async def asked_for(drawers: Ecosystem, actor: Actor) -> list[str]:
    """What a scoped query finds where nothing is guarded."""
    question = sa.select(drawer.c.content).where(visible_to(actor, PLACE))
    async with drawers.database("registry", "worker").reading() as tx:
        return sorted(await tx.scalars(question))


def _covers(actor: Actor, unit: UUID, region: str, whose: dict[str, UUID]) -> bool:
    return actor.covers(
        unit=unit,
        region=region,
        enterprise=whose.get("enterprise_id"),
        partner=whose.get("partner_id"),
        persons=[whose["subject_id"]] if "subject_id" in whose else [],
    )


async def test_of_all_rows_an_actor_sees_those_it_covers(drawers: Ecosystem) -> None:
    database = drawers.database("registry")
    async with database.transaction(reaching(NATION)) as tx:
        for number, (unit, region, whose) in enumerate(ROWS):
            await tx.execute(in_drawer(unit, region, str(number), **whose))
    cases: list[Actor] = []
    collect = given(actors)
    collect(lambda actor: cases.append(actor))()  # noqa: PLW0108 (Hypothesis wants a function)

    for actor in cases:
        covered = {str(number) for number, row in enumerate(ROWS) if _covers(actor, *row)}
        assert set(await seen(database, actor)) == covered, actor
        assert set(await asked_for(drawers, actor)) == covered, actor


@pytest.mark.parametrize("actor", [None, Actor("nobody"), reaching(person=BATU)])
async def test_without_a_scope_nothing_is_seen(database: Database, actor: Actor | None) -> None:
    assert await seen(database, actor) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "setting", [None, "", ",", "nations", "unit", "region:", "region:.", "NATION"]
)
async def test_what_is_no_scope_shows_nothing(drawers: Ecosystem, setting: str | None) -> None:
    async with connected(drawers.urls["registry"]) as app, app.transaction():
        if setting is not None:
            await app.execute("SELECT set_config('app.scopes', $1, true)", setting)

        assert await app.fetch("SELECT FROM drawer") == []


@pytest.mark.usefixtures("database")
async def test_a_scope_that_is_no_id_is_an_error_and_shows_nothing(
    drawers: Ecosystem,
) -> None:
    async with connected(drawers.urls["registry"]) as app:
        await app.execute("SELECT set_config('app.scopes', 'unit:%', false)")

        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await app.fetch("SELECT FROM drawer")


@asynccontextmanager
async def refused(database: Database, actor: Actor | None) -> AsyncIterator[Tx]:
    """A transaction in which a write must be refused."""
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(actor) as tx:
            yield tx


async def test_a_row_of_another_unit_is_neither_made_nor_taken_nor_given_away(
    database: Database,
) -> None:
    batu = of_unit(BATU)

    async with refused(database, batu) as tx:
        await tx.execute(in_drawer(MALANG, "35.73", "smuggled in"))
    async with refused(database, batu) as tx:
        await tx.execute(sa.update(drawer).values(unit_id=MALANG))
    async with refused(database, None) as tx:
        await tx.execute(in_drawer(BATU, "35.79", "by nobody"))

    assert await seen(database, reaching(NATION)) == ["of Batu", "of Malang"]


async def test_a_change_of_everything_changes_ones_own(database: Database) -> None:
    async with database.transaction(of_unit(BATU)) as tx:
        await tx.execute(sa.update(drawer).values(content="changed"))
    async with database.transaction(of_unit(MALANG)) as tx:
        await tx.execute(sa.delete(drawer))

    assert await seen(database, reaching(NATION)) == ["changed"]


async def test_who_it_is_about_makes_and_sees_a_row_of_any_unit(database: Database) -> None:
    person = UUID(int=9)
    async with database.transaction(reaching(person=person)) as tx:
        await tx.execute(in_drawer(MALANG, "35.73", "about me", subject_id=person))

    assert await seen(database, reaching(person=person)) == ["about me"]
    assert await seen(database, of_unit(BATU)) == ["of Batu"]


async def test_the_worker_sees_everything_and_the_owner_nothing(
    drawers: Ecosystem, database: Database
) -> None:
    owner = Database(drawers.addresses["registry"].owner, pool_size=1)

    assert await seen(drawers.database("registry", "worker"), None) == ["of Batu", "of Malang"]
    assert await seen(owner, reaching(NATION)) == []
    assert await seen(database, reaching(NATION)) == ["of Batu", "of Malang"]
    await owner.close()


async def test_going_back_to_a_savepoint_brings_the_outer_scope_back(database: Database) -> None:
    async with database.reading(of_unit(BATU)) as tx:
        inner = await tx.begin_nested()
        await scope_rows(tx, of_unit(MALANG))
        in_between = list(await tx.scalars(sa.select(drawer.c.content)))
        await inner.rollback()

        assert in_between == ["of Malang"]
        assert list(await tx.scalars(sa.select(drawer.c.content))) == ["of Batu"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("ending", ["commit", "rollback", "failure"])
async def test_who_borrows_the_connection_next_sees_nothing_of_it(
    drawers: Ecosystem, ending: str
) -> None:
    lone = Database(drawers.urls["registry"], pool_size=1)

    async with lone.reading(reaching(NATION)) as tx:
        backend = await tx.scalar(sa.select(sa.func.pg_backend_pid()))
        assert len((await tx.scalars(sa.select(drawer.c.content))).all()) == 2
        if ending == "commit":
            await tx.commit()
        elif ending == "failure":
            with pytest.raises(ProgrammingError):
                await tx.execute(sa.text("SELECT nothing"))

    async with lone.reading() as tx:
        assert await tx.scalar(sa.select(sa.func.pg_backend_pid())) == backend
        assert (await tx.scalars(sa.select(drawer.c.content))).all() == []
    await lone.close()


@pytest.mark.usefixtures("database")
async def test_a_scope_of_the_session_would_be_the_next_ones_too(drawers: Ecosystem) -> None:
    lone = Database(drawers.urls["registry"], pool_size=1)

    async with lone.reading() as tx:
        await scope_rows_of_the_session(tx, reaching(NATION))
        await tx.commit()

    assert await seen(lone, None) == ["of Batu", "of Malang"]
    await lone.close()


async def test_an_index_of_the_unit_serves_a_guarded_query_and_settings_are_read_once(
    drawers: Ecosystem, database: Database
) -> None:
    worker = drawers.database("registry", "worker")
    many = sa.text(
        "INSERT INTO drawer (unit_id, region_code, content) SELECT gen_random_uuid(), '11', 'x' "
        "FROM generate_series(1, 20000)"
    )
    async with worker.transaction(system("test")) as tx:
        await tx.execute(many)
    await drawers.rows("registry", "ANALYZE drawer")

    async with database.reading(of_unit(BATU)) as tx:
        statement = (
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT content FROM drawer "  # noqa: S608 (a constant)
            f"WHERE unit_id = '{BATU}' ORDER BY id LIMIT 50"
        )
        told = await tx.scalar(sa.text(statement))

    nodes = list(_nodes((told if isinstance(told, list) else json.loads(told))[0]["Plan"]))
    assert "drawer_of_unit" in {node.get("Index Name") for node in nodes}
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    questions = [node for node in nodes if node.get("Parent Relationship") == "InitPlan"]
    assert len(questions) == 6
    assert max(node["Actual Loops"] for node in questions) == 1


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
