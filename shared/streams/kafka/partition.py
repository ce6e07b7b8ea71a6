"""In which partition a key is found, the same for every client that follows the Java one."""

import struct
from functools import lru_cache
from typing import Final

_SEED: Final = 0x9747B28C
_MULTIPLIER: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF
_POSITIVE: Final = 0x7FFFFFFF


def partition_of(key: bytes, count: int) -> int:
    """The partition, of `count`, that the Java client's default partitioner gives the key."""
    return (_murmur2(key) & _POSITIVE) % count


@lru_cache(maxsize=65_536)
def _murmur2(key: bytes) -> int:
    """Austin Appleby's MurmurHash2, 32 bits, with Kafka's seed."""
    whole, rest = len(key) >> 2, key[len(key) & ~3 :]
    mixed = _SEED ^ len(key)
    for word in struct.unpack_from(f"<{whole}I", key):
        part = word * _MULTIPLIER & _WORD
        part = (part ^ part >> 24) * _MULTIPLIER & _WORD
        mixed = (mixed * _MULTIPLIER & _WORD) ^ part
    if rest:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _WORD
    mixed = (mixed ^ mixed >> 13) * _MULTIPLIER & _WORD
    return mixed ^ mixed >> 15
