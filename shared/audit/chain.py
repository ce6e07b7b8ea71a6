"""The arithmetic of the chain: canonical JSON, the digests of entries, the hashes of blocks.

Everything hashed is JSON by RFC 8785 of strings and small whole numbers, in UTF-8, so that any
program can hash it again. A null is left out, so a column added later changes no old digest.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson

from shared.streams.cursor import Row, SnapshotCursor

GENESIS = bytes(32)
"""What stands for the hash of a block before the first."""

ENTRY_COLUMNS = (
    "xid",
    "at",
    "actor",
    "roles",
    "operation",
    "decision",
    "targets",
    "unit",
    "subject_id",
    "fields",
    "purpose",
    "causation",
    "trace_id",
    "address",
)
"""What of an entry is digested: all but its id, which its block binds to the digest."""


def canonical(value: object) -> bytes:
    """Write JSON by RFC 8785. Raises TypeError for anything but strings, small ints and groups."""
    # Sorted by code point, which is the RFC's order for the names of our own that are keys here.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def digest_of(entry: Row) -> bytes:
    """The SHA-256 of an entry without its id."""
    told = {name: _plain(entry[name]) for name in ENTRY_COLUMNS if entry[name] is not None}
    return hashlib.sha256(canonical(told)).digest()


def digest_over(ids: Sequence[int], digests: Sequence[bytes]) -> bytes:
    """The SHA-256 over a block's entries: their ids with their digests, in the block's order."""
    pairs = [[number, digest.hex()] for number, digest in zip(ids, digests, strict=True)]
    return hashlib.sha256(canonical(pairs)).digest()


def hash_of(block: Row) -> bytes:
    """The SHA-256 of a block: what it seals, which block it follows, and how far it reaches."""
    cursor = SnapshotCursor.of(block)
    told = {
        "service": block["service"],
        "number": block["number"],
        "previous": block["previous"].hex(),
        "digest": block["digest"].hex(),
        "done": str(cursor.done),
        "target": str(cursor.target or ""),
        "last_id": cursor.last_id,
        "system_identifier": str(block["system_identifier"]),
        "sealed_at": _plain(block["sealed_at"]),
    }
    if block["floor"] is not None:
        told["floor"] = str(block["floor"])
    return hashlib.sha256(canonical(told)).digest()


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case list():
            return [_plain(each) for each in value]
        case int() | str():
            return value
    return str(value)  # a UUID
