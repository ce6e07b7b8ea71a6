"""The log holds what became true, in order, and nothing of what did not."""

import asyncio

import pytest
import sqlalchemy as sa
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from services.registry import queries, use_cases
from services.registry.ids import new_id, unit_id
from services.registry.models import Enterprise
from services.registry.schemas import ChangeEnterprise
from shared.access.actor import Actor, system
from shared.database import Database
from shared.refusals import Stale
from shared.streams.log import Cause
from shared.web.etags import Versions
from tests.support.builders import open_batu, register, register_many
from tests.support.ecosystem import Ecosystem
from tests.support.messages import EVENT

ACTOR = system("test")

_LOG = """
SELECT key, epoch, seq, type, data::text, unit, traceparent, causation, correlation
FROM event_log WHERE topic = 'registry.enterprise.v1' ORDER BY id
"""


@pytest.fixture
async def database(registry: Ecosystem) -> Database:
    """The registry's database, with one unit."""
    await open_batu(registry.database("registry"))
    return registry.database("registry")


async def test_each_event_has_the_next_number_of_its_aggregate(
    registry: Ecosystem, database: Database
) -> None:
    enterprise = await register(database)
    both = ChangeEnterprise(trade_name="Keripik Apel Arjuno", size_class="kecil")

    async with database.transaction(ACTOR) as tx:
        await use_cases.change_enterprise(tx, enterprise.id, Versions({1}), both)

    logged = await registry.rows("registry", _LOG)
    assert [(row["epoch"], row["seq"], row["type"].split(".")[-2]) for row in logged] == [
        (1, 1, "registered"),
        (1, 2, "renamed"),
        (1, 3, "reclassified"),
    ]
    kept = await registry.rows("registry", "SELECT event_seq FROM enterprise")
    assert kept[0]["event_seq"] == 3


async def test_each_event_carries_the_state_it_led_to_byte_for_byte(
    registry: Ecosystem, database: Database
) -> None:
    enterprise = await register(database, trade_name="Kopi Joss “Malam” 漢字")

    (logged,) = await registry.rows("registry", _LOG)

    assert logged["data"] == enterprise.state().model_dump_json()
    assert (logged["key"], logged["unit"]) == (str(enterprise.id), enterprise.unit_id)


async def test_who_tells_of_an_aggregate_waits_for_who_told_of_it_before(
    registry: Ecosystem, database: Database
) -> None:
    enterprise = await register(database)
    read = asyncio.Event()

    async def tell_late() -> None:
        async with database.transaction(ACTOR) as late:
            late.publish(await queries.enterprise(late, enterprise.id), "renamed")
            read.set()

    async with database.transaction(ACTOR) as early:
        early.publish(await queries.enterprise(early, enterprise.id), "closed")
        await early.flush()
        telling = asyncio.create_task(tell_late())
        await read.wait()
        await asyncio.sleep(0.1)
        assert not telling.done()

    with pytest.raises(Stale):
        await telling
    assert [row["seq"] for row in await registry.rows("registry", _LOG)] == [1, 2]


async def test_a_verb_that_the_topic_does_not_have_is_refused(database: Database) -> None:
    enterprise = await register(database)

    async with database.reading(ACTOR) as tx:
        mine = await queries.enterprise(tx, enterprise.id)
        with pytest.raises(ValueError, match=r"registry\.enterprise\.v1 has no verb 'sold'"):
            tx.publish(mine, "sold")


async def test_of_a_transaction_that_failed_nothing_is_told(
    registry: Ecosystem, database: Database
) -> None:
    async def fail() -> None:
        async with database.transaction(ACTOR) as tx:
            enterprise = _an_enterprise()
            tx.add(enterprise)
            tx.publish(enterprise, "registered")
            await tx.write_events()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await registry.rows("registry", _LOG) == []
    assert await registry.rows("registry", "SELECT FROM enterprise") == []


@pytest.mark.parametrize("flushed_by", ["the commit", "a question in between"])
async def test_of_two_who_change_the_same_state_one_is_told_that_it_is_stale(
    registry: Ecosystem, database: Database, flushed_by: str
) -> None:
    enterprise = await register(database)

    async def rename_late() -> None:
        async with database.transaction(ACTOR) as slow:
            mine = await queries.enterprise(slow, enterprise.id)
            async with database.transaction(ACTOR) as quick:
                await use_cases.close_enterprise(quick, enterprise.id, Versions({1}))
            mine.rename("Terlambat")
            slow.publish(mine, "renamed")
            if flushed_by == "a question in between":
                await slow.flush()

    with pytest.raises(Stale):
        await rename_late()

    assert [row["seq"] for row in await registry.rows("registry", _LOG)] == [1, 2]
    (kept,) = await registry.rows("registry", "SELECT trade_name, status FROM enterprise")
    assert tuple(kept) == ("Keripik Apel Panderman", "closed")


async def test_numbers_have_no_gap_when_many_want_the_same_aggregate(
    registry: Ecosystem, database: Database
) -> None:
    enterprise = await register(database)

    async def reclassify(number: int) -> bool:
        try:
            async with database.transaction(ACTOR) as tx:
                mine = await queries.enterprise(tx, enterprise.id)
                mine.size_class = "kecil" if number % 2 else "menengah"
                tx.publish(mine, "reclassified")
        except Stale:
            return False
        return True

    done = await asyncio.gather(*(reclassify(n) for n in range(30)))

    logged = await registry.rows("registry", _LOG)
    assert [row["seq"] for row in logged] == list(range(1, 2 + sum(done)))


async def test_the_trace_in_which_it_happened_is_kept(
    registry: Ecosystem, database: Database
) -> None:
    tracer = TracerProvider().get_tracer("test")

    with tracer.start_as_current_span("request") as span:
        await register(database)

    (logged,) = await registry.rows("registry", _LOG)
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    assert logged["traceparent"].split("-")[1] == trace_id


async def test_an_effect_names_its_cause_and_the_start_of_the_chain(
    registry: Ecosystem, database: Database
) -> None:
    await register(database)
    (start,) = await registry.rows("registry", _LOG)

    async with database.transaction(ACTOR, Cause(EVENT, start["correlation"])) as tx:
        enterprise = _an_enterprise()
        tx.add(enterprise)
        tx.publish(enterprise, "registered")

    _, effect = await registry.rows("registry", _LOG)
    assert (effect["causation"], effect["correlation"]) == (EVENT, start["correlation"])
    assert (start["causation"], start["correlation"] is None) == (None, False)


async def test_many_events_of_one_transaction_are_logged_in_the_order_they_were_told(
    registry: Ecosystem, database: Database
) -> None:
    ids = await register_many(database, 1_200)

    assert [row["key"] for row in await registry.rows("registry", _LOG)] == list(map(str, ids))


def _an_enterprise() -> Enterprise:
    return Enterprise.register(
        new_id(),
        kind="cooperative",
        trade_name="Koperasi Tani",
        unit_id=unit_id("35.79"),
        village_code="35.79.01.1001",
        kbli="01134",
        size_class="mikro",
    )


@pytest.mark.parametrize("actor", [ACTOR, None])
async def test_the_time_of_a_transaction_is_its_beginning_by_the_databases_clock(
    database: Database, actor: Actor | None
) -> None:
    async with database.transaction(actor) as tx:
        begun = await tx.scalar(sa.text("SELECT now()"))
        await tx.execute(sa.text("SELECT pg_sleep(0.01)"))

        assert await tx.now() == begun

    async with database.reading(actor) as later:
        assert await later.now() > begun
