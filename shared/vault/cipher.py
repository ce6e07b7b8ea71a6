"""What is done to bytes: sealed so that they open in one place only, and digested with a key."""

import hmac
import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_AES_256_GCM: Final = b"\x01"
"""The first byte of everything sealed, so that another algorithm can come beside this one."""
_NONCE_BYTES: Final = 12


class NotOurs(Exception):
    """Sealed bytes that were changed, moved to another place, or sealed under another key."""


def new_key() -> bytes:
    """A random key of 256 bits."""
    return secrets.token_bytes(KEY_BYTES)


def place(table: str, column: str, subject: UUID | None, key: object) -> bytes:
    """Where sealed bytes belong: a table, a column, a subject if it is one's, and the key's id.

    They open nowhere else, so nobody who may write to the database can move them about.
    """
    return "|".join((table, column, str(subject or ""), str(key))).encode()


def seal(key: bytes, text: bytes, where: bytes) -> bytes:
    """Encrypt by AES-256-GCM (NIST SP 800-38D) under a random nonce."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _AES_256_GCM + nonce + AESGCM(key).encrypt(nonce, text, where)


def unseal(key: bytes, sealed: bytes, where: bytes) -> bytes:
    """Decrypt what `seal` made for the same place. Raises NotOurs."""
    algorithm, nonce = sealed[:1], sealed[1 : 1 + _NONCE_BYTES]
    if algorithm != _AES_256_GCM:
        raise NotOurs("sealed by an algorithm that is not known here")
    try:
        return AESGCM(key).decrypt(nonce, sealed[1 + _NONCE_BYTES :], where)
    except (InvalidTag, ValueError):
        raise NotOurs("it does not open here under this key") from None


def digest(key: bytes, name: str, text: str) -> bytes:
    """What a text is looked up by: equal for equal texts of one field, and nothing to anyone else.

    HMAC-SHA-256, whole. The field's name is in it, or a NIK would be found under NPWP.
    """
    return hmac.digest(key, f"{name}|{text}".encode(), "sha256")
