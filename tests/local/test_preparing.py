"""What the services expect is made ready on any server, but on none that may forget."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local.parts import Parts
from deploy.local.postgres import Postgres
from deploy.local.preparing import prepare
from deploy.local.progress import Steps
from deploy.local.refusals import CannotStart
from tests.local.test_postgres import ask


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgresql")
    yield server
    server.stop()


async def test_a_given_database_that_may_forget_is_refused_and_left_as_it_was(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.start()
    await ask(url, "ALTER SYSTEM SET synchronous_commit = off")
    await ask(url, "SELECT pg_reload_conf()")

    with pytest.raises(CannotStart, match="synchronous_commit off"):
        await prepare(Parts(url, "127.0.0.1:1"), "", tmp_path, Steps(Console(quiet=True)))

    assert await ask(url, "SELECT count(*) FROM pg_database WHERE datname = 'registry'") == 0
