"""Our own PostgreSQL keeps what it acknowledged, is reachable by us alone, and recovers."""

import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.databases import ensure_databases
from deploy.local.postgres import Postgres
from deploy.local.refusals import CannotStart


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgresql")
    yield server
    server.stop()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(question, timeout=10)
    finally:
        await connection.close(timeout=10)


async def test_data_survives_a_restart_at_the_same_address(postgres: Postgres) -> None:
    url = postgres.start()
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")

    postgres.stop()
    again = postgres.start()

    assert again == url
    assert await ask(again, "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes"])
def test_a_database_that_may_forget_is_refused(postgres: Postgres, setting: str) -> None:
    postgres.start()
    postgres.stop()
    configuration = next(postgres.folder.rglob("postgresql.auto.conf"))
    configuration.write_text(f"{setting} = off\n")

    with pytest.raises(CannotStart, match=f"{setting} off: what it acknowledges could be lost"):
        postgres.start()

    assert not postgres.running


async def test_a_crashed_server_is_started_again_with_what_it_acknowledged(
    postgres: Postgres,
) -> None:
    url = postgres.start()
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert postgres.pid is not None

    psutil.Process(postgres.pid).kill()
    postgres.stop()

    assert await ask(postgres.start(), "SELECT answer FROM kept") == 42


def test_an_interrupted_creation_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "postgresql"
    (folder / "unfinished").mkdir(parents=True)
    (folder / "unfinished" / "PG_VERSION").write_text("18\n")
    postgres = Postgres(folder)

    postgres.start()

    assert postgres.running
    postgres.stop()


def test_only_its_owner_can_read_the_superusers_password(postgres: Postgres) -> None:
    postgres.start()

    mode = (postgres.folder / "superuser.password").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_it_listens_on_the_loopback_address_only(postgres: Postgres) -> None:
    postgres.start()

    connections = psutil.Process(postgres.pid).net_connections()

    assert {place.laddr.ip for place in connections if place.status == "LISTEN"} == {"127.0.0.1"}


@pytest.mark.parametrize("who", ["owner", "app", "worker"])
async def test_a_service_enters_its_own_database_and_no_other(
    postgres: Postgres, tmp_path: Path, who: str
) -> None:
    superuser, services = postgres.start(), ("registry", "mentoring")

    urls = await ensure_databases(superuser, services, tmp_path / "passwords.json")

    url: str = getattr(urls["registry"], who)
    assert await ask(url, "SELECT current_user || '@' || current_database()") == (
        f"registry_{who}@registry"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(url.removesuffix("/registry") + "/mentoring", "SELECT 1")


async def test_the_address_of_a_service_stays_the_same(postgres: Postgres, tmp_path: Path) -> None:
    superuser, passwords = postgres.start(), tmp_path / "passwords.json"

    first = await ensure_databases(superuser, ("registry",), passwords)
    second = await ensure_databases(superuser, ("registry",), passwords)

    assert first == second
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
