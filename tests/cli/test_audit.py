"""The command reads every audit trail again, and is red when one was touched."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.checkout import SERVICES, running

runner = CliRunner()


@pytest.mark.usefixtures("here")
def test_a_trail_that_nobody_touched_is_sound_in_every_service() -> None:
    answer = runner.invoke(app, ["audit", "verify"])

    assert answer.exit_code == 0
    for service in SERVICES:
        assert f"✔ {service}: everything is as it was sealed." in answer.stdout


def test_a_trail_that_was_touched_is_named_and_the_command_fails(here: Path) -> None:
    asyncio.run(_rename(here, "system:registry", "somebody else"))
    try:
        answer = runner.invoke(app, ["audit", "verify", "--service", "registry"])
    finally:
        asyncio.run(_rename(here, "somebody else", "system:registry"))

    assert answer.exit_code == 1
    assert "✘ registry: Block 1, entry 1 is not what was sealed" in answer.stdout


@pytest.mark.usefixtures("here")
def test_a_service_that_there_is_not_is_refused_in_a_sentence() -> None:
    answer = runner.invoke(app, ["audit", "verify", "--service", "insights"])

    assert answer.exit_code == 1
    assert "There is no service of this name." in answer.stderr


async def _rename(here: Path, old: str, new: str) -> None:
    """Change who did the first thing, as a superuser who silences every trigger would."""
    found = running(here)
    assert found is not None
    address = urlunsplit(urlsplit(found.postgres)._replace(path="/registry"))
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("SET session_replication_role = replica")
        changed = await connection.fetch(
            "UPDATE audit_entry SET actor = $2 WHERE id = 1 AND actor = $1 RETURNING id", old, new
        )
        assert len(changed) == 1
    finally:
        await connection.close()
