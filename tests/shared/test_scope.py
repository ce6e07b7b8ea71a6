"""The condition in every query and the decision about a thing in hand say the same."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind
from shared.access.scope import Place, visible_to
from tests.support.ecosystem import Ecosystem

IDS = [UUID(int=number) for number in range(1, 4)]
REGIONS = ["35", "35.79", "35.79.01", "35.79.01.1001", "35.73", "3", "31.71"]

rows = sa.values(
    sa.column("number", sa.Integer),
    sa.column("unit", sa.Uuid),
    sa.column("region", sa.Text),
    sa.column("enterprise", sa.Uuid),
    sa.column("persons", ARRAY(sa.Uuid)),
    name="things",
)
Thing = tuple[UUID, str, UUID, list[UUID]]

things = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from(REGIONS),
    st.sampled_from(IDS),
    st.lists(st.sampled_from(IDS), max_size=2),
)
scopes = st.one_of(
    st.just(NATION),
    st.sampled_from(["35", "35.79", "35.79.01", "31.71"]).map(
        lambda code: Scope(ScopeKind.REGION, code)
    ),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.UNIT, of)),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.ENTERPRISE, of)),
    st.sampled_from(IDS).map(lambda of: Scope(ScopeKind.PARTNER, of)),
)
actors = st.builds(
    Actor,
    st.just("somebody"),
    st.frozensets(scopes.map(lambda scope: Grant(Role.DESK_OFFICER, scope)), max_size=3),
    st.none() | st.sampled_from(IDS),
)


@pytest.fixture
async def connection(registry: Ecosystem) -> AsyncIterator[AsyncConnection]:
    async with registry.database("registry").engine.connect() as opened:
        yield opened


async def test_a_query_finds_what_an_actor_covers_and_nothing_else(
    connection: AsyncConnection,
) -> None:
    cases: list[tuple[Actor, list[Thing]]] = []
    collect = given(actors, st.lists(things, min_size=1, max_size=8))
    collect(lambda actor, found: cases.append((actor, found)))()

    for actor, found in cases:
        covered = {
            number
            for number, (unit, region, enterprise, persons) in enumerate(found)
            if actor.covers(unit=unit, region=region, enterprise=enterprise, persons=persons)
        }
        assert await _seen(connection, actor, found) == covered


async def test_without_an_actor_nothing_is_seen(connection: AsyncConnection) -> None:
    thing = (IDS[0], "35.79", IDS[0], [IDS[0]])

    assert await _seen(connection, None, [thing]) == set()
    assert await _seen(connection, Actor("nobody"), [thing]) == set()


async def _seen(connection: AsyncConnection, actor: Actor | None, found: list[Thing]) -> set[int]:
    table = rows.data([(number, *thing) for number, thing in enumerate(found)])
    place = Place(
        unit=table.c.unit,
        region=table.c.region,
        enterprise=table.c.enterprise,
        persons=table.c.persons,
    )
    statement = sa.select(table.c.number).where(visible_to(actor, place))
    return set(await connection.scalars(statement))
