"""An audit entry is there when what it tells about is, and nobody changes it."""

from uuid import UUID

import asyncpg
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared.audit.apart import record_apart
from shared.audit.entry import record
from shared.streams.log import Cause
from tests.support.audit import SUBJECT, UNIT, a_sealer, an_entry, tamper, write
from tests.support.ecosystem import Ecosystem
from tests.support.messages import ENTERPRISE, EVENT

_ENTRIES = "SELECT * FROM audit_entry ORDER BY id"


async def test_an_entry_tells_who_did_what_to_what_and_why(registry: Ecosystem) -> None:
    tracer = TracerProvider().get_tracer("test")

    with tracer.start_as_current_span("request") as span:
        async with registry.database("registry").transaction(cause=Cause(EVENT, None)) as tx:
            entry = an_entry(targets=(ENTERPRISE,), address="198.51.100.7")
            await record(tx, entry)

    (written,) = await registry.rows("registry", _ENTRIES)
    assert (written["actor"], written["roles"]) == ("desk-officer", ["desk_officer"])
    assert (written["operation"], written["decision"]) == ("register_enterprise", "done")
    assert (written["targets"], written["unit"]) == ([ENTERPRISE], UNIT)
    assert (written["causation"], written["address"]) == (EVENT, "198.51.100.7")
    assert written["trace_id"] == trace.format_trace_id(span.get_span_context().trace_id)
    assert written["subject_id"] is written["fields"] is written["purpose"] is None


async def test_an_entry_goes_with_the_transaction_that_fails(registry: Ecosystem) -> None:
    async def fail() -> None:
        async with registry.database("registry").transaction() as tx:
            await record(tx, an_entry())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await registry.rows("registry", _ENTRIES) == []


async def test_a_reveal_tells_whose_fields_and_what_for(registry: Ecosystem) -> None:
    revealed = an_entry(
        "reveal_person", decision="revealed", subject_id=SUBJECT, fields=("nik",), purpose="licence"
    )

    await record_apart(registry.database("registry"), revealed)

    (written,) = await registry.rows("registry", _ENTRIES)
    assert (written["decision"], written["subject_id"]) == ("revealed", SUBJECT)
    assert (written["fields"], written["purpose"]) == (["nik"], "licence")


_CHANGES = (
    "UPDATE audit_entry SET actor = 'somebody else'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_block SET number = 2",
    "DELETE FROM audit_block",
    "TRUNCATE audit_block",
)


@pytest.mark.parametrize("part", ["app", "worker", "owner"])
async def test_nobody_changes_what_was_written(registry: Ecosystem, part: str) -> None:
    await write(registry, "register_enterprise")
    await a_sealer(registry).seal()
    connection = await asyncpg.connect(getattr(registry.addresses["registry"], part))

    for change in _CHANGES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)

    await connection.close()


async def test_a_superuser_is_told_that_the_trail_is_only_added_to(registry: Ecosystem) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only added to; DELETE on audit"):
        await registry.rows("registry", "DELETE FROM audit_entry")

    await tamper(registry, "DELETE FROM audit_entry")


@pytest.mark.parametrize("part", ["app", "worker"])
async def test_a_writer_chooses_no_place_and_no_time_for_its_entry(
    registry: Ecosystem, part: str
) -> None:
    connection = await asyncpg.connect(getattr(registry.addresses["registry"], part))

    for column, value in {"id": "7", "xid": "'7'", "at": "'2026-01-01'"}.items():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                f"INSERT INTO audit_entry (actor, roles, operation, decision, targets, {column}) "  # noqa: S608 (our own words)
                f"OVERRIDING SYSTEM VALUE VALUES ('x', '{{}}', 'x', 'done', '{{}}', {value})"
            )

    await connection.close()


async def test_the_app_seals_nothing(registry: Ecosystem) -> None:
    connection = await asyncpg.connect(registry.urls["registry"])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("INSERT INTO audit_block SELECT * FROM audit_block")

    await connection.close()


async def test_the_ids_of_targets_are_kept_as_they_were_given(registry: Ecosystem) -> None:
    targets = tuple(UUID(int=number) for number in (3, 1, 2))

    await record_apart(registry.database("registry"), an_entry(targets=targets))

    (written,) = await registry.rows("registry", "SELECT targets FROM audit_entry")
    assert tuple(written["targets"]) == targets
