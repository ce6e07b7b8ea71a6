"""How every list of partners is read."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from shared.streams.log import Tx
from shared.web.paging import Window, page

Found = tuple[Sequence[Any], str | None]
"""Some things, and where the next page begins."""


async def listed(tx: Tx, statement: sa.Select[Any], keys: Sequence[Any], window: Window) -> Found:
    """One page of the things that a statement selects, in the order of `keys`."""
    rows, following = await page(tx, statement, keys, window)
    return [row[0] for row in rows], following
