"""Mechanical checkers: each compares two records of what happened and names what differs."""

import importlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg

from shared.events import EnterpriseState, UnitState
from shared.events.audit import AUDIT_BLOCKS
from shared.events.state import State
from shared.streams.codec import Event, from_binary
from shared.streams.copies import Copy
from shared.streams.relay import undelivered
from tests.support.ecosystem import Ecosystem
from tests.support.topics import messages

_LAST = """
SELECT DISTINCT ON (key) key, event_id FROM event_log WHERE topic = $1
ORDER BY key, epoch DESC, seq DESC
"""

_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
"""


async def topic_of(ecosystem: Ecosystem, state: type[State]) -> list[Event[State]]:
    """Every event of a topic from offset 0 on, duplicates too, each key in the topic's order."""
    records = await messages(ecosystem, state.topic)
    return [from_binary(state, record.key, record.value, record.headers) for record in records]


async def nothing_waits(ecosystem: Ecosystem) -> bool:
    """Whether the relay of the registry has marked everything as delivered."""
    return await waiting(ecosystem) == 0


async def waiting(ecosystem: Ecosystem) -> int:
    """How many events of the registry its relay has not marked as delivered."""
    session = await asyncpg.connect(ecosystem.worker_urls["registry"])
    try:
        count, _ = await undelivered(session)
        return count
    finally:
        await session.close()


async def unsaid(ecosystem: Ecosystem) -> set[UUID]:
    """The committed events of the registry that are on no topic."""
    rows = await ecosystem.rows("registry", "SELECT event_id FROM event_log")
    said: set[UUID] = set()
    for state in (UnitState, EnterpriseState, AUDIT_BLOCKS["registry"]):
        said |= {event.id for event in await topic_of(ecosystem, state)}
    return {row["event_id"] for row in rows} - said


def out_of_order(events: Iterable[Event[Any]]) -> list[str]:
    """The keys whose first occurrences are not 1, 2, 3 and so on."""
    first: dict[str, dict[int, None]] = defaultdict(dict)
    for event in events:
        first[event.key].setdefault(event.seq)
    return [key for key, found in first.items() if list(found) != list(range(1, len(found) + 1))]


async def wrong_last_values(ecosystem: Ecosystem, events: Iterable[Event[Any]]) -> set[str]:
    """The enterprises for which compaction would leave anything but their last state."""
    last = {event.key: event.id for event in events}
    rows = await ecosystem.rows("registry", _LAST, EnterpriseState.topic)
    return {row["key"] for row in rows if last.get(row["key"]) != row["event_id"]}


async def lost_or_out_of_order(ecosystem: Ecosystem) -> list[object]:
    """What became of the registry's enterprises on their topic that should not have."""
    events = await topic_of(ecosystem, EnterpriseState)
    wrong = await wrong_last_values(ecosystem, events)
    return [*await unsaid(ecosystem), *out_of_order(events), *wrong]


async def mentoring_copied(ecosystem: Ecosystem) -> bool:
    """Whether mentoring's copies say what the registry does."""
    return await differences(ecosystem, "mentoring") == []


async def differences(ecosystem: Ecosystem, service: str) -> list[asyncpg.Record]:
    """The rows in which the copies of a service and the registry are not equal."""
    copies: tuple[Copy[State], ...] = importlib.import_module(f"services.{service}.copies").COPIES
    of_registry = [copy for copy in copies if copy.state.topic.startswith("registry.")]
    return [row for copy in of_registry for row in await _differences(ecosystem, service, copy)]


async def _differences(
    ecosystem: Ecosystem, service: str, copy: Copy[State]
) -> list[asyncpg.Record]:
    """Bring the truth beside the copy, and subtract each from the other."""
    source, kept = copy.table.name.removesuffix("_copy"), copy.table.name
    columns, truth = await _truth(ecosystem, source, copy)
    mine = f"SELECT {', '.join(columns)} FROM {kept}"  # noqa: S608 (names of our own tables)
    connection = await asyncpg.connect(ecosystem.superuser_url(service))
    try:
        await connection.execute(f"CREATE TEMP TABLE truth AS {mine} WITH NO DATA")
        await connection.copy_records_to_table("truth", records=truth)
        return await connection.fetch(
            f"(TABLE truth EXCEPT ALL {mine}) UNION ALL ({mine} EXCEPT ALL TABLE truth)"
        )
    finally:
        await connection.close()


async def _truth(
    ecosystem: Ecosystem, source: str, copy: Copy[State]
) -> tuple[list[str], list[tuple[object, ...]]]:
    """What the registry has of the columns that a copy keeps, with the last event of each row."""
    owned = {row["attname"] for row in await ecosystem.rows("registry", _COLUMNS, source)}
    columns = ["id", *sorted(owned & set(copy.keep))]
    asked = ", ".join(f"t.{column}" for column in columns)
    rows = await ecosystem.rows(
        "registry",
        f"SELECT {asked}, l.epoch, l.seq, l.event_id FROM {source} AS t LEFT JOIN event_log AS l "  # noqa: S608 (as above)
        "ON l.topic = $1 AND l.key = t.id::text AND l.seq = t.event_seq AND l.epoch = "
        "(SELECT max(epoch) FROM event_log WHERE topic = l.topic AND key = l.key)",
        copy.state.topic,
    )
    return [*columns, "epoch", "seq", "event_id"], [tuple(row) for row in rows]
