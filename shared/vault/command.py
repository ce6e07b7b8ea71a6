"""`vault rotate epoch|index` of a service's own program, for where the `sinergi` command is not."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from shared.database import Database
from shared.refusals import Unavailable
from shared.settings import ServiceSettings
from shared.vault.keyring import KeyringRefused, key_service
from shared.vault.rotation import Progress, rotate_epoch, rotate_index
from shared.vault.service import KeyService
from shared.vault.vault import Vault

OpenVault = Callable[[KeyService], Vault[Any]]

ROTATIONS: Final[Mapping[str, Callable[[Vault[Any], Database, Progress], Awaitable[None]]]] = {
    "epoch": rotate_epoch,
    "index": rotate_index,
}
_CANNOT = 2


async def rotate(vault: Vault[Any], database_url: str, keys: str, tell: Progress) -> None:
    """Replace the keys of one kind, as the worker of a database. Raises Unavailable."""
    database = Database(database_url, pool_size=1)
    try:
        await ROTATIONS[keys](vault, database, tell)
    finally:
        await database.close()


async def rotated(settings: ServiceSettings, open_vault: OpenVault, keys: str) -> int:
    """Rotate and tell how far it is where somebody watches; return 0, or 2 when it cannot."""
    tell = _show if sys.stderr.isatty() else _keep_quiet
    try:
        vault = open_vault(key_service(settings))
        await rotate(vault, settings.database_url, keys, tell)
    except (Unavailable, KeyringRefused) as reason:
        sys.stderr.write(f"{reason}\n")
        return _CANNOT
    return 0


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} persons" + "\n" * (done == total))


def _keep_quiet(_done: int, _total: int) -> None:
    """Write no progress where nobody watches."""
