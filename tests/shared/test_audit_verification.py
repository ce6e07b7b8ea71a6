"""Whatever is done to the trail, the verification turns red and says where it begins."""

import os
import subprocess
import sys
from dataclasses import astuple
from uuid import uuid4

import pytest

from shared.audit.block import block_id
from shared.audit.verification import CannotVerify, verify
from shared.events.audit import AUDIT_BLOCKS
from shared.streams.kafka import Record
from tests.support.audit import a_sealer, announce, tamper, verdict, write
from tests.support.ecosystem import Ecosystem
from tests.support.processes import environment_of
from tests.support.topics import speaking

_SWAP_BLOCKS = (
    "UPDATE audit_block SET number = -number WHERE number IN (2, 3)",
    "UPDATE audit_block SET number = 5 + number WHERE number IN (-2, -3)",
)
_INSERT = """
INSERT INTO audit_entry (id, xid, at, actor, roles, operation, decision, targets)
OVERRIDING SYSTEM VALUE
SELECT 1000, {xid}, {at}, 'a ghost', roles, operation, decision, targets
FROM audit_entry WHERE id = 4
"""


@pytest.fixture
async def sealed(registry: Ecosystem) -> Ecosystem:
    """Four announced blocks with three entries each, and two entries that are not sealed yet."""
    sealer = a_sealer(registry)
    for block in range(1, 5):
        await write(registry, *(f"operation_{block}_{number}" for number in range(1, 4)))
        await sealer.seal()
    await announce(registry)
    await write(registry, "late_1", "late_2")
    return registry


async def test_a_trail_that_nobody_touched_is_sound(sealed: Ecosystem) -> None:
    progress: list[tuple[int, int]] = []

    found = await verdict(sealed, progress)

    assert found.flaw is None
    assert (found.blocks, found.entries, found.unsealed, found.unannounced) == (4, 12, 2, 0)
    assert found.age is not None
    assert 0 <= found.age < 60
    assert progress == [(3, 12), (6, 12), (9, 12), (12, 12)]
    assert str(found).startswith("registry: everything is as it was sealed.\n")


@pytest.mark.parametrize(
    ("harm", "flaw"),
    [
        pytest.param(
            ["UPDATE audit_entry SET actor = 'somebody else' WHERE id = 5"],
            "Block 2, entry 5 is not what was sealed: it was changed afterwards.",
            id="an entry altered",
        ),
        pytest.param(
            ["DELETE FROM audit_entry WHERE id = 8"],
            "Block 3, entry 8 is missing: it was deleted after it was sealed.",
            id="an entry deleted",
        ),
        pytest.param(
            [_INSERT.format(xid="xid", at="at")],
            "Entry 1000 is in no block, though block 4 was sealed with all before it: it was put "
            "in afterwards.",
            id="an entry inserted",
        ),
        pytest.param(
            [
                "UPDATE audit_entry SET id = 100 WHERE id = 2",
                "UPDATE audit_entry SET id = 2 WHERE id = 9",
                "UPDATE audit_entry SET id = 9 WHERE id = 100",
            ],
            "Block 1, entry 2 holds what was sealed as entry 9: they changed places.",
            id="entries reordered",
        ),
        pytest.param(
            ["DELETE FROM audit_block WHERE number > 2", "DELETE FROM audit_entry WHERE id > 6"],
            "Block 3 was announced and is not there: the end was cut off, up to block 4.",
            id="the tail cut",
        ),
        pytest.param(
            _SWAP_BLOCKS,
            "Block 2 holds what was announced as block 3: they changed places.",
            id="blocks swapped",
        ),
    ],
)
async def test_whatever_is_done_is_found_and_named(
    sealed: Ecosystem, harm: list[str], flaw: str
) -> None:
    await tamper(sealed, *harm)

    found = await verdict(sealed)

    assert found.flaw == flaw
    assert f"registry: {flaw}\n" in str(found)


@pytest.mark.parametrize(
    ("harm", "flaw"),
    [
        ("DELETE FROM audit_block WHERE number = 2", "Block 2 is missing"),
        ("UPDATE audit_block SET done = '1:1:' WHERE number = 4", "Block 4 is not what was sealed"),
        ("UPDATE audit_block SET entries = entries[:2] WHERE number = 3", "Block 3 is not what"),
        ("UPDATE audit_block SET digests = digests[:2] WHERE number = 3", "Block 3 is not what"),
        ("UPDATE audit_block SET id = uuidv7() WHERE number = 1", "Block 1 is not what"),
        ("UPDATE audit_block SET hash = digest WHERE number = 2", "Block 2 has not the hash that"),
        ("UPDATE audit_block SET previous = hash WHERE number = 3", "Block 3 is not what"),
        ("DELETE FROM audit_block; DELETE FROM audit_entry", "Block 1 was announced and is not"),
    ],
)
async def test_other_harm_is_found_too(sealed: Ecosystem, harm: str, flaw: str) -> None:
    await tamper(sealed, *harm.split("; "))

    found = (await verdict(sealed)).flaw

    assert found is not None
    assert found.startswith(flaw)


async def test_an_entry_with_a_time_long_past_is_found_once_it_is_sealed(sealed: Ecosystem) -> None:
    await tamper(sealed, _INSERT.format(xid="pg_current_xact_id()", at="at - interval '2 hours'"))
    await a_sealer(sealed).seal()

    found = (await verdict(sealed)).flaw

    assert found == (
        "Block 5, entry 1000 was put in with a time long past: the block before it lacks it."
    )


async def test_a_tail_sealed_anew_is_found(sealed: Ecosystem) -> None:
    await tamper(
        sealed,
        "DELETE FROM audit_block WHERE number = 4",
        f"DELETE FROM event_log WHERE key = '{block_id('registry', 4)}'",  # noqa: S608 (ours)
        "UPDATE audit_entry SET actor = 'somebody else' WHERE id = 11",
    )
    await a_sealer(sealed).seal()

    unannounced = (await verdict(sealed)).flaw
    await announce(sealed)
    announced = (await verdict(sealed)).flaw

    assert unannounced == "Block 4 has not the hash that was announced: it was sealed anew."
    assert announced == "Block 4 was announced with different hashes: it was sealed anew."


async def test_a_whole_chain_forged_anew_is_found(sealed: Ecosystem) -> None:
    await tamper(
        sealed,
        "DELETE FROM audit_block",
        "DELETE FROM event_log",
        "UPDATE audit_entry SET actor = 'somebody else' WHERE id = 11",
    )
    await a_sealer(sealed).seal()

    found = (await verdict(sealed)).flaw

    assert found == "Block 1 has not the hash that was announced: it was sealed anew."


@pytest.mark.parametrize("value", [None, b"{}"])
async def test_an_announcement_taken_back_is_found(sealed: Ecosystem, value: bytes | None) -> None:
    state = AUDIT_BLOCKS["registry"]
    headers = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/registry",
        "type": state.event_type("sealed"),
        "subject": str(block_id("registry", 3)),
        "time": "2026-11-25T03:02:00+00:00",
        "sequence": "2",
        "epoch": "1",
    }
    told = [(f"ce_{name}", text.encode()) for name, text in headers.items()]
    async with speaking(sealed) as speaker:
        key = str(block_id("registry", 3)).encode()
        await speaker.say(Record(state.topic, key, value, told, 0))

    found = (await verdict(sealed)).flaw

    assert found is not None
    assert found.startswith("The topic registry.audit-block.v1 tells of no block at partition")


async def test_the_one_entry_that_is_deleted_turns_the_check_red(sealed: Ecosystem) -> None:
    assert _check(sealed).returncode == 0

    await tamper(sealed, "DELETE FROM audit_entry WHERE id = 1")

    checked = _check(sealed)
    assert checked.returncode == 1
    assert "Block 1, entry 1 is missing" in checked.stdout


async def test_what_is_not_announced_yet_is_told_and_no_flaw(sealed: Ecosystem) -> None:
    await a_sealer(sealed).seal()

    found = await verdict(sealed)

    assert (found.flaw, found.blocks, found.unsealed, found.unannounced) == (None, 5, 0, 1)


async def test_an_empty_trail_is_sound(registry: Ecosystem) -> None:
    found = await verdict(registry)

    assert astuple(found) == ("registry", None, 0, 0, 0, None, 0, 0)


async def test_without_the_topic_or_the_database_nothing_is_called_sound(
    sealed: Ecosystem,
) -> None:
    where = sealed.worker_urls["registry"]
    elsewhere = where + f"_{uuid4().hex}"
    kafka = sealed.parts.kafka

    with pytest.raises(CannotVerify, match="registry: Kafka cannot be asked"):
        await verify("registry", where, kafka, _keep_quiet, "no-such-prefix.")
    with pytest.raises(CannotVerify, match="registry: the database cannot be asked"):
        await verify("registry", elsewhere, kafka, _keep_quiet, sealed.prefix)


def _check(sealed: Ecosystem) -> subprocess.CompletedProcess[str]:
    settings = sealed.settings("registry", "worker")
    return subprocess.run(
        [sys.executable, "-m", "services.registry", "audit", "verify"],
        env=os.environ | environment_of(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _keep_quiet(_done: int, _total: int) -> None:
    """Nobody watches."""
