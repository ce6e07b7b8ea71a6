"""How every list of mentoring is narrowed and read."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from shared.streams.log import Tx
from shared.web.paging import Window, page

Found = tuple[Sequence[Any], str | None]
"""Some things, and where the next page begins."""
Equals = Iterable[tuple[Any, object]]
"""Columns, and what each must be; None is anything."""


def narrowed(statement: sa.Select[Any], equals: Equals) -> sa.Select[Any]:
    """The statement with these conditions besides."""
    wanted = [column == value for column, value in equals if value is not None]
    return statement.where(*wanted)


async def listed(tx: Tx, statement: sa.Select[Any], keys: Sequence[Any], window: Window) -> Found:
    """One page of the things that a statement selects, in the order of `keys`."""
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following
