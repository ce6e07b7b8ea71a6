"""A key service in a file, for development: named keys in versions, readable by its owner alone."""

import base64
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import structlog

from shared.sentences import Spoken
from shared.settings import ServiceSettings
from shared.vault.cipher import KEY_BYTES, NotOurs, new_key, seal, unseal
from shared.vault.service import KeyService, NoKeyService

log = structlog.get_logger(__name__)

_VERSION_BYTES = 4


class KeyringRefused(Spoken):
    """A keyring that must not be used, and why."""


class Keyring:
    """The key of one name out of the file; the newest version wraps, every version unwraps."""

    def __init__(self, versions: Mapping[int, bytes]) -> None:
        """Take at least one version. Raises ValueError for a key of another length."""
        if any(len(key) != KEY_BYTES for key in versions.values()):
            raise ValueError("a key of the keyring has another length")
        self._versions = versions
        self._newest = max(versions)

    @classmethod
    def open(cls, file: Path, name: str, *, environment: str) -> Self:
        """Read the key of a name.

        Raises KeyringRefused in production, for a file that others may read, and for one that is
        not a keyring or has no key of this name.
        """
        if environment == "production":
            raise KeyringRefused("A keyring in a file is for development; name a key service.")
        try:
            _refuse_open_to_others(file)
            versions = json.loads(file.read_text(encoding="utf-8"))[name]
            return cls({int(n): base64.b64decode(key) for n, key in versions.items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            message = f"The keyring cannot be used ({type(fault).__name__})."
            raise KeyringRefused(message) from None

    async def wrap(self, key: bytes, about: bytes) -> bytes:
        """Wrap under the newest version, whose number goes before the rest."""
        number = self._newest.to_bytes(_VERSION_BYTES)
        return number + seal(self._versions[self._newest], key, number + about)

    async def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """Unwrap under the version it names. Raises NotOurs."""
        number, sealed = wrapped[:_VERSION_BYTES], wrapped[_VERSION_BYTES:]
        key = self._versions.get(int.from_bytes(number))
        if key is None:
            raise NotOurs("wrapped under a version that the keyring does not have")
        return unseal(key, sealed, number + about)


def add_versions(text: str, *names: str) -> str:
    """Give each name of a keyring's text, which may be empty, one more version of its key."""
    keyring: dict[str, dict[str, str]] = json.loads(text or "{}")
    for name in names:
        versions = keyring.setdefault(name, {})
        number = max(map(int, versions), default=0) + 1
        versions[str(number)] = base64.b64encode(new_key()).decode()
    return json.dumps(keyring, indent=2)


def key_service(settings: ServiceSettings) -> KeyService:
    """The key service that a service was told of, with the key named after the service.

    Raises KeyringRefused.
    """
    if settings.keyring is None:
        log.warning("vault.without_key_service", service=settings.service)
        return NoKeyService()
    return Keyring.open(settings.keyring, settings.service, environment=settings.environment)


def _refuse_open_to_others(file: Path) -> None:
    status = file.stat()
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyringRefused("The keyring must be its owner's alone: chmod 600.")
