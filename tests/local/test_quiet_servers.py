"""What the servers write into their own logs holds nothing of what was stored or asked for."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from deploy.local import postgres as postgres_module
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from tests.local.test_kafka import read, write

NAME = "Nyai Kendhedhes Wiratama"
STATEMENTS = (
    "INSERT INTO person VALUES (':name', 1)",  # a duplicate
    "INSERT INTO person VALUES (':name II', -1)",  # a row against a check
    "SELECT ':name'::uuid",
    "SELECT count(*) FROM person WHERE age = ':name'",
    "SELECT FROM FROM ':name'",
    "DO $$ BEGIN RAISE EXCEPTION ':name'; END $$",
    "DO $$ BEGIN RAISE WARNING ':name'; END $$",
    "SELECT ':name', pg_sleep(10)",  # too long
)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgresql")
    yield server
    server.stop()


async def _provoke(url: str) -> None:
    """Let statements fail in every way in which PostgreSQL would quote them or their values."""
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "100"})
    try:
        await connection.execute("CREATE TABLE person (name text UNIQUE, age int CHECK (age > 0))")
        await connection.execute("INSERT INTO person VALUES ($1, 1)", NAME)
        for statement in STATEMENTS:
            with suppress(asyncpg.PostgresError):
                await connection.execute(statement.replace(":name", NAME))
        with suppress(asyncpg.PostgresError):
            await connection.fetchval("SELECT $1::text::int", NAME)
        with suppress(asyncpg.PostgresError):
            rows = io.BytesIO(f"{NAME}\tno number\n".encode())
            await connection.copy_to_table("person", source=rows)
    finally:
        await connection.close(timeout=10)


async def test_statements_that_fail_leave_no_value_in_the_log(postgres: Postgres) -> None:
    await _provoke(postgres.start())

    log = (postgres.folder / "postgresql.log").read_text()
    assert "ready to accept connections" in log
    assert NAME not in log


async def test_the_log_of_a_server_that_is_not_told_so_has_them_all(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "QUIET", {})

    await _provoke(postgres.start())

    log = (postgres.folder / "postgresql.log").read_text()
    assert log.count(NAME) > len(STATEMENTS)


async def test_what_is_sent_to_kafka_is_not_in_its_log(tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka")
    try:
        address = kafka.start()
        await write(address, "kept", NAME.encode())

        assert await read(address, "kept") == NAME.encode()
    finally:
        kafka.stop()
    log = (tmp_path / "kafka" / "kafka.log").read_text()
    assert "Kafka Server started" in log
    assert NAME not in log
