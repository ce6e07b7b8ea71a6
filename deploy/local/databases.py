"""One database and one login role for each service on the PostgreSQL that was found."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.secret_files import write_secret

_ANSWER_S = 30.0


async def ensure_databases(
    superuser_url: str, services: Sequence[str], passwords_file: Path
) -> dict[str, str]:
    """Create what is missing and return the address of each service's own database.

    A service's role owns its database and may enter no other; its password is made once and kept
    in the file, which only its owner may read.
    """
    passwords = _passwords(services, passwords_file)
    connection = await asyncpg.connect(superuser_url, timeout=_ANSWER_S, command_timeout=_ANSWER_S)
    try:
        for service in services:
            await _ensure(connection, service, passwords[service])
    finally:
        await connection.close(timeout=_ANSWER_S)
    return {service: address_of(superuser_url, service, passwords[service]) for service in services}


def address_of(superuser_url: str, service: str, password: str) -> str:
    """Return the address of the service's database on the server of the superuser's address."""
    place = urlsplit(superuser_url)
    return urlunsplit(
        (place.scheme, f"{service}:{password}@{place.netloc.rpartition('@')[2]}", service, "", "")
    )


async def _ensure(connection: asyncpg.Connection, name: str, password: str) -> None:
    # Names are our own services' and the password is URL-safe: nothing in them needs quoting.
    verb = "ALTER" if await _exists(connection, "pg_roles", "rolname", name) else "CREATE"
    await connection.execute(f"{verb} ROLE {name} LOGIN PASSWORD '{password}'")
    if not await _exists(connection, "pg_database", "datname", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    await connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


async def _exists(connection: asyncpg.Connection, table: str, column: str, name: str) -> bool:
    question = f"SELECT EXISTS (SELECT FROM {table} WHERE {column} = $1)"  # noqa: S608 (catalogue)
    return bool(await connection.fetchval(question, name))


def _passwords(services: Sequence[str], file: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [service for service in services if service not in known]
    if missing:
        known |= {service: secrets.token_urlsafe(24) for service in missing}
        write_secret(file, json.dumps(known))
    return known
