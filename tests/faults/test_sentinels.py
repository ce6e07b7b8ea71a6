"""A person's data is nowhere but in the vault: in no file, log, trace, topic, row or answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from shared.events import EnterpriseState
from shared.streams.kafka import Record
from tests.authorization.cells import RECIPES
from tests.faults.sentinel_scene import Scene, scene
from tests.faults.servers import Servers
from tests.faults.sweep import Sweep
from tests.support.checkers import nothing_waits
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.sentinels import BY_KIND, SENTINELS, Sentinel
from tests.support.topics import speaking

_SETTLED = 60.0
PROGRAMS = {service: [f"services.{service}"] for service in SERVICES}
_REFUSE_EVERY_ROW = """
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'idempotency_key'  -- which would hide the others: it is written first
    LOOP EXECUTE format('ALTER TABLE %s ADD CONSTRAINT never CHECK (false) NOT VALID', t); END LOOP;
END $$
"""
_TAKE_ROWS_AGAIN = """
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT conrelid FROM pg_constraint WHERE conname = 'never'
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT never', t); END LOOP;
END $$
"""


@dataclass(frozen=True)
class Extent:
    """How far a run goes: what is searched for, what is sent wrongly, and where."""

    services: dict[str, list[str]]
    searched: Sequence[Sentinel]
    sent: Sequence[Sentinel]
    spoilt: Mapping[str, Collection[str]]
    """By service, the operations that are asked for once more of a database that refuses all."""


SHORT = Extent(
    {service: PROGRAMS[service] for service in ("registry", "mentoring")},
    searched=(BY_KIND["name"], BY_KIND["nik"]),
    sent=(BY_KIND["name"],),
    spoilt={"registry": ("register_enterprise", "register_owner", "search_owners")},
)
WHOLE = Extent(PROGRAMS, SENTINELS, SENTINELS, dict.fromkeys(SERVICES, ()))


@pytest.mark.parametrize(
    "extent", [SHORT, pytest.param(WHOLE, marks=pytest.mark.proof)], ids=["short", "whole"]
)
async def test_a_persons_data_is_nowhere_but_in_the_vault(
    breakable: Ecosystem, servers: Servers, tmp_path: Path, extent: Extent
) -> None:
    async with scene(breakable, servers, tmp_path, extent.services, extent.searched) as stage:
        sweep = Sweep(stage, extent.sent, thorough=extent is WHOLE)
        faults = Sweep(stage, extent.sent[:1], spared=(), thorough=False)
        await eventually(partial(_heard, stage), _SETTLED)
        for service in extent.services:
            await sweep.over(service)
        await eventually(partial(_heard, stage), _SETTLED)
        kept = [*stage.on_disk(), *await stage.in_rows(), *await stage.in_topics()]
        await stage.checkpoint()
        kept += stage.on_disk()
        for service, names in extent.spoilt.items():
            await faults.over_spoilt(service, names, _REFUSE_EVERY_ROW)
        await stage.ecosystem.rows("mentoring", _TAKE_ROWS_AGAIN)
        await _say_something_strange(stage)

    print(f"{sweep.count} requests, {faults.count} more to spoilt databases")  # noqa: T201 (figures)
    every = {f"{service} {name}" for service in extent.services for name in RECIPES[service]}
    assert (sweep.failed, sweep.done) == ([], every)
    assert faults.failed != []
    assert sweep.leaks + faults.leaks + kept == []
    # What somebody else wrote on a topic is put away as it came, for the operator, and not told.
    rows = [
        row for row in await stage.in_rows() if not row.endswith("mentoring public.parked_event")
    ]
    assert [*stage.in_logs(), *stage.in_traces(), *rows] == []


@pytest.mark.parametrize("way", ["log", "echo", "trace"])
async def test_a_service_that_tells_of_persons_would_be_seen(
    breakable: Ecosystem, servers: Servers, tmp_path: Path, way: str
) -> None:
    services = {"registry": ["tests.faults.leaking_process", way]}
    async with scene(breakable, servers, tmp_path, services, [BY_KIND["nik"]]) as stage:
        sweep = Sweep(stage, [BY_KIND["nik"]], spared=())
        await sweep.over_spoilt("registry", ["register_enterprise"], _REFUSE_EVERY_ROW)

    found = {"log": [*stage.in_logs()], "echo": sweep.leaks, "trace": [*stage.in_traces()]}
    assert {where for where, what in found.items() if what} == {way}


async def _heard(stage: Scene) -> bool:
    """Whether all that the registry has said is on its topics and in the copies."""
    made, *heard = [
        {row["id"] for row in await stage.ecosystem.rows(service, f"SELECT id FROM {table}")}  # noqa: S608 (of our own)
        for service in stage.urls
        for table in ["enterprise" if service == "registry" else "enterprise_copy"]
    ]
    # A copy may know others, of which a test told that service alone.
    return all(made <= each for each in heard) and await nothing_waits(stage.ecosystem)


async def _say_something_strange(stage: Scene) -> None:
    """Put a person's data on a topic, as only somebody else could; mentoring puts it away."""
    word = BY_KIND["name"].text.encode()
    headers = [("ce_specversion", b"1.0"), ("ce_type", word), ("ce_id", word)]
    async with speaking(stage.ecosystem) as speaker:
        await speaker.say(Record(EnterpriseState.topic, word, word, headers, 0))
    await eventually(partial(stage.programs["mentoring-worker"].said, "listener.parked"), _SETTLED)
