"""Ids: new ones in the order of time, and ones that follow from what they name."""

from uuid import NAMESPACE_URL, UUID, uuid5

from uuid_utils.compat import uuid7

NAMESPACE = uuid5(NAMESPACE_URL, "https://sinergi.id")


def new_id() -> UUID:
    """An id that no one has used, later than all before it (RFC 9562, version 7)."""
    return uuid7()


def unit_id(region_code: str) -> UUID:
    """The id of the unit of a region; there is one at most."""
    return uuid5(NAMESPACE, f"unit:{region_code}")


def row_id(*cells: str) -> UUID:
    """The id of the enterprise that a row of a file describes: the same row, the same id."""
    return uuid5(NAMESPACE, "row:" + "\x1f".join(cells))
