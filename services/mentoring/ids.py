"""Ids: new ones in the order of time, and ones that follow from what they name."""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from uuid_utils.compat import uuid7

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://sinergi.id")


def new_id() -> UUID:
    """An id that no one has used, later than all before it (RFC 9562, version 7)."""
    return uuid7()


def named_id(name: str) -> UUID:
    """The id of what has a name everywhere, such as "unit:35" or a thing of the demo data."""
    return uuid5(_NAMESPACE, name)
