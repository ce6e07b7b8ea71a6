"""A copy holds the newest state it was told of, in whatever order and however often."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar
from uuid import UUID, uuid4, uuid5

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.parts import Parts
from services.mentoring.copies import EnterpriseCopy
from shared.database import open_engine
from shared.events import EnterpriseState, State, UnitState
from shared.streams.codec import Event
from shared.streams.copies import Copy, newest_by_key
from shared.streams.verdicts import Verdict, decide
from tests.support.databases import Templates, superuser_url
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE, EVENT, a_state, an_event

KEYS = [uuid5(ENTERPRISE, str(number)) for number in range(3)]


def told(key: UUID, epoch: int, seq: int) -> Event[EnterpriseState]:
    """The event of one position, the same whenever it is asked for."""
    state = a_state(id=key, trade_name=f"Nama {epoch}/{seq}")
    return an_event(state, epoch=epoch, seq=seq, event_id=uuid5(key, f"{epoch}/{seq}"))


stories = st.lists(
    st.builds(told, st.sampled_from(KEYS), st.integers(1, 2), st.integers(1, 5)), max_size=25
)


@pytest.fixture
async def tx(registry: Ecosystem) -> AsyncIterator[AsyncSession]:
    """A transaction in a database with an empty copy."""
    async with _rolled_back(registry.addresses["registry"].owner) as fresh:
        await (await fresh.connection()).run_sync(EnterpriseCopy.table.create)
        yield fresh


async def _kept(tx: AsyncSession) -> dict[UUID, tuple[int, int, str]]:
    table = EnterpriseCopy.table.c
    rows = await tx.execute(sa.select(table.id, table.epoch, table.seq, table.trade_name))
    return {key: (epoch, seq, name) for key, epoch, seq, name in rows}


async def _hear(tx: AsyncSession, story: Sequence[Event[EnterpriseState]], size: int) -> None:
    for start in range(0, len(story), size):
        await EnterpriseCopy.hear(tx, story[start : start + size])


@pytest.fixture(scope="module")
def scratch(parts: Parts, templates: Templates) -> str:
    """The address of a database whose copy is emptied by rolling back."""
    return superuser_url(parts, templates["mentoring"])


@asynccontextmanager
async def _rolled_back(url: str) -> AsyncIterator[AsyncSession]:
    engine = open_engine(url, pool_size=1)
    try:
        async with AsyncSession(engine) as session:
            yield session
    finally:
        await engine.dispose()


@given(stories, st.integers(1, 9))
async def test_whatever_the_order_and_the_batches_the_newest_state_is_kept(
    scratch: str, story: list[Event[EnterpriseState]], size: int
) -> None:
    newest = {event.key: event for event in sorted(story, key=lambda event: event.position)}

    async with _rolled_back(scratch) as tx:
        await _hear(tx, story, size)

        assert await _kept(tx) == {
            UUID(key): (*event.position, event.data and event.data.trade_name)
            for key, event in newest.items()
        }


async def test_what_is_known_already_changes_nothing(tx: AsyncSession) -> None:
    story = [told(KEYS[0], 1, seq) for seq in (1, 2, 3)]
    await _hear(tx, story, 3)

    assert await EnterpriseCopy.hear(tx, story) == set()
    assert await EnterpriseCopy.hear(tx, [story[0], story[2]]) == set()
    assert await _kept(tx) == {KEYS[0]: (1, 3, "Nama 1/3")}


async def test_only_the_keys_that_became_newer_are_named(tx: AsyncSession) -> None:
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 5), told(KEYS[1], 1, 5)])

    newer = await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 4), told(KEYS[1], 1, 6)])

    assert newer == {str(KEYS[1])}


async def test_after_a_restore_the_new_truth_outweighs_the_lost_future(tx: AsyncSession) -> None:
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 900)])

    await EnterpriseCopy.hear(tx, [told(KEYS[0], 2, 7)])
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 901)])

    assert await _kept(tx) == {KEYS[0]: (2, 7, "Nama 2/7")}


async def test_a_gap_in_the_sequence_is_normal(tx: AsyncSession) -> None:
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 1)])

    assert await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 40)]) == {str(KEYS[0])}


async def test_a_tombstone_takes_the_aggregate_away(tx: AsyncSession) -> None:
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 1), told(KEYS[1], 1, 1)])
    gone = an_event(a_state(id=KEYS[0]), seq=2, data=None)

    assert await EnterpriseCopy.hear(tx, [gone]) == {str(KEYS[0])}
    assert list(await _kept(tx)) == [KEYS[1]]


async def test_a_tombstone_that_is_older_than_the_copy_takes_nothing_away(
    tx: AsyncSession,
) -> None:
    await EnterpriseCopy.hear(tx, [told(KEYS[0], 1, 3)])
    gone = an_event(a_state(id=KEYS[0]), seq=2, data=None)

    assert await EnterpriseCopy.hear(tx, [gone]) == set()
    assert list(await _kept(tx)) == [KEYS[0]]


async def test_every_kind_of_field_is_kept_as_it_was_told(tx: AsyncSession) -> None:
    owners = (uuid4(), uuid4())
    state = a_state(
        trade_name="""Kopi "Joss" \\ 'Malam' {1,2} 漢字""",
        merged_into=KEYS[1],
        owner_ids=owners,
        kind="cooperative",
    )

    await EnterpriseCopy.hear(tx, [an_event(state)])

    row = (await tx.execute(sa.select(EnterpriseCopy.table))).one()
    assert row.trade_name == state.trade_name
    assert (row.kind, row.merged_into, tuple(row.owner_ids)) == ("cooperative", KEYS[1], owners)
    assert (row.unit_id, row.village_code, row.status) == (state.unit_id, "35.79.01.1001", "active")


async def test_a_copy_may_keep_nothing_but_how_far_it_heard(tx: AsyncSession) -> None:
    positions = Copy(EnterpriseState, (), sa.MetaData())
    await tx.execute(sa.text("DROP TABLE enterprise_copy"))
    await (await tx.connection()).run_sync(positions.table.create)

    assert await positions.hear(tx, [told(KEYS[0], 1, 1)]) == {str(KEYS[0])}
    assert await positions.hear(tx, [told(KEYS[0], 1, 1)]) == set()
    assert list(positions.table.c.keys()) == ["id", "epoch", "seq", "event_id"]


async def test_a_copy_says_where_each_aggregate_stands(tx: AsyncSession) -> None:
    event = told(KEYS[0], 2, 9)
    await EnterpriseCopy.hear(tx, [event])

    found = await EnterpriseCopy.positions(tx, [str(key) for key in KEYS])

    assert found == {str(KEYS[0]): (2, 9, event.id)}


def test_of_a_batch_the_last_state_of_each_aggregate_counts() -> None:
    story = [told(KEYS[0], 1, 2), told(KEYS[0], 1, 1), told(KEYS[1], 1, 1), told(KEYS[0], 1, 2)]

    assert newest_by_key(story) == {str(KEYS[0]): story[0], str(KEYS[1]): story[2]}


@pytest.mark.parametrize(
    ("position", "verdict"),
    [
        (None, Verdict.APPLY),
        ((1, 4, EVENT), Verdict.APPLY),
        ((1, 5, EVENT), Verdict.DUPLICATE),
        ((1, 5, ENTERPRISE), Verdict.FORK),
        ((1, 6, EVENT), Verdict.STALE),
        ((2, 1, EVENT), Verdict.STALE),
    ],
)
def test_an_event_is_judged_by_where_the_copy_stands(
    position: tuple[int, int, UUID] | None, verdict: Verdict
) -> None:
    assert decide(position, an_event(epoch=1, seq=5, event_id=EVENT)) is verdict


def test_each_field_becomes_a_column_of_its_type() -> None:
    class Planted(State):
        topic: ClassVar[str] = "registry.planted.v1"
        verbs: ClassVar[frozenset[str]] = frozenset({"planted"})

        open: bool
        rooms: int | None
        doors: tuple[UUID, ...] = ()

    table = Copy(Planted, ("open", "rooms", "doors"), sa.MetaData()).table

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    kinds = {c.name: (c.type.compile(dialect), c.nullable) for c in table.c}
    assert table.name == "planted_copy"
    assert kinds["open"] == ("BOOLEAN", False)
    assert kinds["rooms"] == ("BIGINT", True)
    assert kinds["doors"] == ("UUID[]", False)
    assert str(Copy(UnitState, ("time_zone",), sa.MetaData()).table.c.time_zone.type) == "TEXT"
