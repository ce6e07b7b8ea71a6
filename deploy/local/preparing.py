"""Makes everything ready that the services expect to find: databases, tables, topics, demo data."""

import asyncio
from pathlib import Path

from deploy.local.checkout import SERVICES
from deploy.local.databases import ensure_databases
from deploy.local.issuer import write_issuers
from deploy.local.keyring import ensure_keyring
from deploy.local.parts import Parts
from deploy.local.postgres import refuse_forgetful
from deploy.local.progress import Steps
from deploy.local.refusals import CannotStart
from deploy.local.services import Places, module
from shared.events import TOPICS
from shared.migrations import upgrade
from shared.migrations.roles import RolesMissing
from shared.streams.kafka import ensure_topics
from shared.vault.cipher import NotOurs

_PARTITIONS = 4


async def prepare(parts: Parts, url: str, home: Path, steps: Steps) -> Places:
    """Create and migrate what is missing, and fill an empty registry with demo data.

    Raises:
        CannotStart: the database may forget what it acknowledged, whoever runs it, or belongs to
            somebody else.

    """
    with steps.step("Databases") as tell:
        tell(", ".join(SERVICES))
        await refuse_forgetful(parts.postgres_url)
        databases = await ensure_databases(parts.postgres_url, SERVICES, home / "passwords.json")
    keyring = ensure_keyring(home, SERVICES)
    places = Places(parts.kafka, databases, url, write_issuers(home, url), keyring)
    with steps.step("Migrations") as tell:
        for service in SERVICES:
            tell(service)
            await _migrate(databases[service].owner, service)
        tell("every database has the newest tables")
    with steps.step("Topics") as tell:
        tell(f"{len(TOPICS)}, {_PARTITIONS} partitions each")
        await ensure_all_topics(parts.kafka)
    with steps.step("Demo data") as tell:
        tell("100 centres, 300 enterprises, rooms, consultants, partners")
        await _seed(places)
    return places


async def ensure_all_topics(kafka: str) -> None:
    """Create the topics that are missing."""
    await ensure_topics(kafka, TOPICS, partitions=_PARTITIONS, replication=1)


async def _seed(places: Places) -> None:
    try:
        for service in SERVICES:
            await module(service, "seeds").seed(places.settings(service, "worker"))
    except NotOurs:
        message = "The persons in the registry's database are kept under another folder's keyring."
        raise CannotStart(message) from None


async def _migrate(address: str, service: str) -> None:
    try:
        await asyncio.to_thread(upgrade, address, service)
    except RolesMissing as refusal:
        raise CannotStart(str(refusal)) from None
