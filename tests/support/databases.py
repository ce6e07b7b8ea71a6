"""Databases as the services have them, migrated once and cloned for each test; three roles each."""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from secrets import token_hex

from deploy.local.databases import (
    Addresses,
    address_of,
    beside,
    connected,
    create_database,
    ensure_roles,
)
from deploy.local.parts import Parts
from shared.migrations import upgrade
from shared.migrations.roles import Roles

SERVICES = ("registry", "mentoring", "partners", "facilities")
ROLES = {service: Roles.of(f"test_{service}") for service in SERVICES}
"""The same for all runs on one server, and none that an ecosystem started there has."""

Templates = dict[str, str]
"""The name of the migrated database of each service."""


def migrated_templates(parts: Parts) -> Templates:
    """Migrate one database per service, each by its owner."""
    names = {service: f"template_{service}_{os.getpid()}_{token_hex(3)}" for service in SERVICES}
    asyncio.run(_create_templates(parts, names))
    for service, name in names.items():
        upgrade(addresses_of(parts, service, name).owner, service, ROLES[service])
    return names


async def clone(parts: Parts, templates: Templates, names: Mapping[str, str]) -> None:
    """Make a copy of the template of each service, under the service's name here."""
    async with connected(parts.postgres_url) as superuser:
        for service, name in names.items():
            # Quicker where the files are in memory, as those of a test are where there is room.
            await create_database(
                superuser, name, ROLES[service], templates[service], strategy="file_copy"
            )


async def drop(parts: Parts, names: Mapping[str, str]) -> None:
    """Take databases away, whoever is in them."""
    async with connected(parts.postgres_url) as superuser:
        for name in names.values():
            await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


def addresses_of(parts: Parts, service: str, database: str) -> Addresses:
    """The addresses of a service's database for each of its roles."""
    return Addresses(
        *(
            address_of(parts.postgres_url, database, role, _password(parts, role))
            for role in ROLES[service]
        )
    )


def superuser_url(parts: Parts, database: str) -> str:
    """The superuser's address of a database."""
    return beside(parts.postgres_url, database)


async def ensure_test_roles(parts: Parts) -> None:
    """Let the roles of all services be there; several runs at once do not disturb each other."""
    names = [role for roles in ROLES.values() for role in roles]
    async with connected(parts.postgres_url) as superuser:
        # A guess at a password is dear on purpose; a test guesses none, and enters all the time.
        await superuser.execute("SET scram_iterations = 1")
        await ensure_roles(superuser, {name: _password(parts, name) for name in names})


async def _create_templates(parts: Parts, names: Templates) -> None:
    await ensure_test_roles(parts)
    async with connected(parts.postgres_url) as superuser:
        for service, name in names.items():
            await create_database(superuser, name, ROLES[service])


def _password(parts: Parts, role: str) -> str:
    return hashlib.sha256(f"{parts.postgres_url} {role}".encode()).hexdigest()
