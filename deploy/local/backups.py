"""Backups of the services' databases, and how one becomes the truth again.

The keyring is in no backup: whoever has both could read every person's values.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from deploy.local.databases import beside, connected, create_database
from deploy.local.dumps import checksum, dump, load
from deploy.local.refusals import CannotStart
from deploy.local.telling import Tell, silently
from shared.audit.restoring import join
from shared.database import Database
from shared.events import STATES
from shared.migrations.roles import Roles
from shared.streams.restoring import Restated, epoch_of, heard_on, raise_epoch, restate
from shared.vault import ledger
from shared.web.service import VERSION

LEDGER: Final = "erasures.jsonl"
"""Beside the backups, and only ever added to."""
_MANIFEST: Final = "manifest.json"
_CLUSTER: Final = """
SELECT system_identifier::text, current_setting('server_version') AS server_version
FROM pg_control_system()
"""
_SPEAKS: Final = "SELECT to_regclass('event_log') IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is: when it was made, by what, of which cluster, and what is in it."""

    made_at: str
    sinergi: str
    postgresql: str
    system_identifier: str
    checksums: Mapping[str, str]
    """The SHA-256 of each service's file, by the service."""
    keyring: str = "not in the backup: without it nothing that is kept of a person can be read"


@dataclass(frozen=True, slots=True)
class Target:
    """A service's database on a server: its name there, its roles, how its topics begin."""

    postgres_url: str
    service: str
    name: str
    roles: Roles
    kafka: str
    prefix: str = ""

    @property
    def url(self) -> str:
        """The superuser's address of it."""
        return beside(self.postgres_url, self.name)


async def back_up(
    postgres_url: str, databases: Mapping[str, str], folder: Path, tell: Tell = silently
) -> Path:
    """Write the databases, by their services, to a new folder in this one, and return it.

    Whoever was erased is added to the ledger beside it. Raises CannotStart when a dump fails.
    """
    now = datetime.now(UTC)
    made = folder / now.strftime("%Y%m%dT%H%M%SZ")
    made.mkdir(parents=True, mode=0o700)
    checksums = {}
    for service, name in databases.items():
        tell(service)
        await dump(beside(postgres_url, name), made / f"{service}.dump")
        checksums[service] = checksum(made / f"{service}.dump")
        await keep_erasures(beside(postgres_url, name), service, folder)
    async with connected(postgres_url) as connection:
        cluster = await connection.fetchrow(_CLUSTER)
    assert cluster is not None
    manifest = Manifest(
        now.isoformat(), VERSION, cluster["server_version"], cluster["system_identifier"], checksums
    )
    # Last, so that a folder which has one is a whole backup.
    (made / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return made


def examine(backup: Path, services: Mapping[str, str]) -> Manifest:
    """Read what a backup is. Raises CannotStart when it is none, or not what was written."""
    try:
        manifest = Manifest(**json.loads((backup / _MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        message = f"{backup} is no whole backup: its {_MANIFEST} is not there or not readable."
        raise CannotStart(message) from None
    for service in services:
        file = backup / f"{service}.dump"
        if not file.exists() or checksum(file) != manifest.checksums.get(service):
            message = f"{file} is not there, or not what was written; use another backup."
            raise CannotStart(message)
    return manifest


async def keep_erasures(url: str, service: str, folder: Path) -> int:
    """Add to the ledger of a folder of backups whom a database has erased."""
    async with connected(url) as connection:
        return ledger.append(folder / LEDGER, await ledger.erased(connection, service))


async def exists(target: Target) -> bool:
    """Whether the service's database is there, and ever had its tables."""
    async with connected(target.postgres_url) as superuser:
        named = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        if not await superuser.fetchval(named, target.name):
            return False
    async with connected(target.url) as connection:
        return bool(await connection.fetchval(_SPEAKS))


async def restore(target: Target, backup: Path, tell: Tell = silently) -> Restated:
    """Put a backup in the place of a service's database, as the truth from now on.

    All is done in a database beside it, which then takes its name: broken off, it can be repeated,
    and what was there before is there still. Raises CannotStart; ConnectionError or TimeoutError
    when Kafka cannot be asked.
    """
    epoch = 0
    if await exists(target):
        await keep_erasures(target.url, target.service, backup.parent)
        epoch = await epoch_of(target.url)
    beginning = replace(target, name=f"{target.name}_restoring")
    async with connected(target.postgres_url) as superuser:
        await superuser.execute(f"DROP DATABASE IF EXISTS {beginning.name} WITH (FORCE)")
        await create_database(superuser, beginning.name, target.roles)
    tell("reading the backup")
    await load(beginning.url, backup / f"{target.service}.dump")
    restated = await _become_true(beginning, epoch, backup.parent / LEDGER, tell)
    async with connected(target.postgres_url) as superuser:
        await superuser.execute(f"DROP DATABASE IF EXISTS {target.name} WITH (FORCE)")
        await superuser.execute(f"ALTER DATABASE {beginning.name} RENAME TO {target.name}")
    return restated


async def _become_true(target: Target, epoch: int, erasures: Path, tell: Tell) -> Restated:
    tell("comparing with Kafka")
    states = [state for state in STATES if state.topic.startswith(f"{target.service}.")]
    heard = await heard_on(target.kafka, states, target.prefix)
    await raise_epoch(target.url, max(epoch, heard.epoch))
    tell("erasing again whom it brought back")
    await _erase_again(target, erasures)
    tell("saying the last states again")
    restated = await restate(target.url, heard)
    await join(target.url, target.service)
    return restated


async def _erase_again(target: Target, file: Path) -> None:
    if find_spec(f"services.{target.service}.restoring") is None:
        return
    erase_again = import_module(f"services.{target.service}.restoring").erase_again
    database = Database(target.url, pool_size=1)
    try:
        for one in ledger.read(file):
            if one.service == target.service:
                await erase_again(database, one.subject_id)
    finally:
        await database.close()
