"""One database for each service on the PostgreSQL that was found, and the three who enter it."""

import json
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.secret_files import write_secret
from shared.migrations.roles import Roles

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_ANSWER_S = 30.0
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('sinergi.roles'))"
_PLAIN = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
_OWNER = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a service's database is, as each of the three enters it."""

    owner: str
    app: str
    worker: str


async def ensure_databases(
    superuser_url: str, services: Sequence[str], passwords_file: Path
) -> dict[str, Addresses]:
    """Create what is missing and return the addresses of each service's own database.

    A service's three roles enter its database and no other; their passwords are made once and
    kept in the file, which only its owner may read. A database of an older checkout, which
    belonged to one role of the service's name, goes over to the owner, and that role goes.
    """
    roles = {service: Roles.of(service) for service in services}
    passwords = _passwords([name for each in roles.values() for name in each], passwords_file)
    async with connected(superuser_url) as superuser:
        await ensure_roles(superuser, passwords)
        for service in services:
            if await _exists(superuser, "pg_database", "datname", service):
                await _take_over(superuser_url, service, roles[service])
            else:
                await create_database(superuser, service, roles[service])
    return {
        service: Addresses(
            *(address_of(superuser_url, service, name, passwords[name]) for name in roles[service])
        )
        for service in services
    }


async def ensure_roles(superuser: Connection, passwords: Mapping[str, str]) -> None:
    """Create the roles, or give those that are there these passwords; two at once wait."""
    # Names are our own services' and a password is URL-safe: nothing in them needs quoting.
    async with superuser.transaction():
        await superuser.execute(_LOCK)
        for name, password in passwords.items():
            verb = "ALTER" if await _exists(superuser, "pg_roles", "rolname", name) else "CREATE"
            await superuser.execute(f"{verb} ROLE {name} {_PLAIN} PASSWORD '{password}'")


async def create_database(
    superuser: Connection,
    name: str,
    roles: Roles,
    template: str = "template1",
    *,
    strategy: Literal["wal_log", "file_copy"] = "wal_log",
) -> None:
    """Create a database that only these roles enter."""
    await superuser.execute(
        f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {strategy} OWNER {roles.owner}"
    )
    await _let_in(superuser, name, roles)


def address_of(superuser_url: str, database: str, role: str, password: str) -> str:
    """Return a role's address of a database on the server of the superuser's address."""
    place = urlsplit(beside(superuser_url, database))
    server = place.netloc.rpartition("@")[2]
    return urlunsplit(place._replace(netloc=f"{role}:{password}@{server}"))


def beside(url: str, database: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """A connection whose every wait has a deadline."""
    connection = await asyncpg.connect(url, timeout=_ANSWER_S, command_timeout=_ANSWER_S)
    try:
        yield connection
    finally:
        await connection.close(timeout=_ANSWER_S)


async def _let_in(superuser: Connection, name: str, roles: Roles) -> None:
    await superuser.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await superuser.execute(f"GRANT CONNECT ON DATABASE {name} TO {roles.app}, {roles.worker}")


async def _take_over(superuser_url: str, service: str, roles: Roles) -> None:
    """Open a database that is there already, which may be one of an older checkout."""
    async with connected(beside(superuser_url, service)) as superuser, superuser.transaction():
        if await superuser.fetchval(_OWNER) == service:
            await superuser.execute(f"REASSIGN OWNED BY {service} TO {roles.owner}")
            await superuser.execute(f"DROP OWNED BY {service}")
            await superuser.execute(f"DROP ROLE {service}")
        await _let_in(superuser, service, roles)


async def _exists(connection: Connection, table: str, column: str, name: str) -> bool:
    question = f"SELECT EXISTS (SELECT FROM {table} WHERE {column} = $1)"  # noqa: S608 (catalogue)
    return bool(await connection.fetchval(question, name))


def _passwords(roles: Iterable[str], file: Path) -> dict[str, str]:
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    kept = {role: known.get(role) or secrets.token_urlsafe(24) for role in roles}
    if kept != known:
        write_secret(file, json.dumps(kept))
    return kept
