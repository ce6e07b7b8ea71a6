"""The port to the key service, which keeps the keys that wrap all other keys."""

from typing import Protocol


class KeyServiceDown(Exception):
    """The key service does not answer, or there is none."""


class KeyService(Protocol):
    """Wraps keys under one of its own, which never leaves it, and unwraps them again.

    `about` says what the wrapped key is for; it unwraps for the same purpose only. Both raise
    KeyServiceDown when there is no answer.
    """

    async def wrap(self, key: bytes, about: bytes, /) -> bytes:
        """Wrap under the newest version of its key."""

    async def unwrap(self, wrapped: bytes, about: bytes, /) -> bytes:
        """Unwrap what was wrapped under any version of its key. Raises NotOurs."""


class NoKeyService:
    """Stands where no key service was named: whatever needs a key is refused for the moment."""

    async def wrap(self, _key: bytes, _about: bytes, /) -> bytes:
        """Raise KeyServiceDown."""
        raise KeyServiceDown("no key service is configured")

    async def unwrap(self, _wrapped: bytes, _about: bytes, /) -> bytes:
        """Raise KeyServiceDown."""
        raise KeyServiceDown("no key service is configured")
