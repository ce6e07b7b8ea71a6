"""Whatever a process says, by itself or by a library, it says without what a person typed."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.parts import Parts
from deploy.local.ports import free_ports
from tests.support.builders import an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.processes import Program, environment_of

NAME = "Nyai Kendhedhes 9971015003070001"
# The server ends a connection on which it met a fault.
ANEW = httpx.Limits(max_keepalive_connections=0)
KEYS = [{"Idempotency-Key": f"key-{number}"} for number in range(2)]
RULE = f"ALTER TABLE enterprise ADD CONSTRAINT no_nyai CHECK (trade_name <> '{NAME}')"


def _said_of(way: str, *more: str) -> list[dict[str, Any]]:
    """The lines of a program that fails, each of them JSON."""
    words = [sys.executable, "-m", "tests.shared.failing_program", way, NAME, *more]
    ended = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603 (our own words)
    assert ended.stdout == ""
    assert not any(word in ended.stderr for word in NAME.split())
    return [json.loads(line) for line in ended.stderr.splitlines()]


@pytest.mark.parametrize(
    ("way", "event", "errors"),
    [
        ("uncaught", "process.failed", ["RuntimeError", "ValueError"]),
        ("group", "process.failed", ["ExceptionGroup", "ValueError", "KeyError"]),
        ("thread", "thread.failed", ["ValueError"]),
        ("unraisable", "process.could_not_raise", ["ValueError"]),
        ("task", "library.said", ["ValueError"]),
        ("callback", "library.said", ["ValueError"]),
    ],
)
def test_an_error_that_nobody_caught_is_told_by_class_and_place(
    way: str, event: str, errors: list[str]
) -> None:
    (line,) = _said_of(way)

    assert line["event"] == event
    assert [each["error"] for each in line["failure"]] == errors
    frames = [frame for each in line["failure"] for frame in each["frames"]]
    assert any(frame.startswith("tests/shared/failing_program.py:") for frame in frames)


def test_an_error_of_the_database_is_told_by_its_code(parts: Parts) -> None:
    (line,) = _said_of("query", parts.postgres_url)

    assert line["failure"][0]["error"] == "asyncpg.exceptions.DataError"
    assert line["failure"][0]["sqlstate"] == "22000"


def test_a_warning_is_told_by_class_and_place() -> None:
    (line,) = _said_of("warning")

    assert (line["event"], line["error"]) == ("process.warned", "UserWarning")
    assert line["where"].startswith("tests/shared/failing_program.py:")


def test_our_own_lines_hold_what_is_listed_and_name_what_is_not() -> None:
    listed, *rest = _said_of("log")

    assert listed["event"] == "something.happened"
    assert sorted(listed["dropped"]) == ["?", "name", "offset", "person", "reason"]
    assert [line["event"] for line in rest] == [None, None, None, "something.failed"]
    assert sorted(rest[2]["dropped"]) == ["error", "event", "kept", "person"]


def test_a_line_of_a_library_holds_the_text_of_its_source_only() -> None:
    lines = _said_of("library")

    texts = [line.get("message") for line in lines]
    assert texts == ["it happened to %s", None, "it happened %d times", None, "it failed", None]
    told = [[each["error"] for each in line.get("failure", [])] for line in lines]
    assert told == [[], [], [], ["ValueError"], ["ValueError"], ["ValueError"]]
    assert all(line["logger"] == "library" for line in lines)


async def test_a_fault_of_a_service_is_told_without_the_row_that_it_met(
    registry: Ecosystem, tmp_path: Path
) -> None:
    await open_batu(registry.database("registry"))
    (port,) = free_ports(1)
    command = ["services.registry", "api", "--port", str(port)]
    log = tmp_path / "api.log"
    token = {"Authorization": f"Bearer {registry.issuer.token('operator')}"}
    url = f"http://127.0.0.1:{port}/api/registry"
    with Program(log, command, environment_of(registry.settings("registry"))):
        async with httpx.AsyncClient(
            base_url=url, headers=token, timeout=15, limits=ANEW
        ) as client:
            await eventually(partial(_ready, client), 60)
            made = await client.post("/v1/enterprises", json=an_enterprise(), headers=KEYS[0])
            await registry.rows("registry", "UPDATE enterprise SET size_class = $1", NAME)
            await registry.rows("registry", RULE)
            read = await client.get(f"/v1/enterprises/{made.json()['id']}")
            again = await client.post(
                "/v1/enterprises", json=an_enterprise(trade_name=NAME), headers=KEYS[1]
            )

    assert (read.status_code, again.status_code) == (500, 500)
    said = log.read_text()
    assert not any(word in said + read.text + again.text for word in NAME.split())
    lines = [json.loads(line) for line in said.splitlines()]
    told = [(line["event"], line["failure"][0]["error"]) for line in lines]
    invalid = "pydantic_core._pydantic_core.ValidationError"
    assert told == [
        ("request.failed", invalid),
        ("library.said", invalid),
        ("request.failed", "sqlalchemy.exc.IntegrityError"),
    ]
    assert lines[1]["message"] == "Exception in ASGI application"
    assert [each.get("constraint_name") for each in lines[2]["failure"]][-1] == "no_nyai"


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).is_success
    except httpx.TransportError:
        return False
