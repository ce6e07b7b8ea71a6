"""Lists by cursor: a page, and where the next one begins; never a count of everything."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from shared.instants import Instant
from shared.refusals import Malformed
from shared.web.queries import Whole

T = TypeVar("T")

_LONGEST_CURSOR = 16_000
"""A name of 120 characters may grow some thirtyfold when it is made searchable."""
_INSTANT = TypeAdapter(Instant)
_BROKEN = "This cursor is not one that we gave. Begin again without `after`."


class Page(BaseModel, Generic[T]):
    """Some of a list; `next` is the `after` of the following page, absent on the last."""

    items: Sequence[T]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted."""

    after: str | None
    limit: int


def _window(
    after: Annotated[str | None, Query(max_length=_LONGEST_CURSOR)] = None,
    limit: Annotated[Whole, Query(ge=1, le=200)] = 50,
) -> Window:
    return Window(after, limit)


Paged = Annotated[Window, Depends(_window)]
"""The `after` and `limit` of the query."""


def not_ours() -> Malformed:
    """What is raised for a cursor that we did not make."""
    return Malformed(_BROKEN)


async def page(
    tx: AsyncSession, statement: sa.Select[Any], keys: Sequence[Any], window: Window
) -> tuple[Sequence[sa.Row[Any]], str | None]:
    """Read one page in the order of `keys`, which together must be unique.

    Raises Malformed for a cursor that we did not make.
    """
    if window.after is not None:
        values = _decode(window.after, keys)
        bound = [sa.literal(value, key.type) for value, key in zip(values, keys, strict=True)]
        statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*bound))
    statement = statement.add_columns(*(key.label(f"key_{n}") for n, key in enumerate(keys)))
    rows = (await tx.execute(statement.order_by(*keys).limit(window.limit + 1))).all()
    shown = rows[: window.limit]
    more = len(rows) > window.limit
    return shown, _encode(shown[-1][-len(keys) :]) if more else None


def _encode(values: Sequence[Any]) -> str:
    text = orjson.dumps([v.isoformat() if isinstance(v, datetime) else str(v) for v in values])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decode(cursor: str, keys: Sequence[Any]) -> list[Any]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = orjson.loads(text)
        if not isinstance(values, list) or "\x00" in "".join(values):
            raise not_ours()
        return [_value(value, key.type) for value, key in zip(values, keys, strict=True)]
    except (binascii.Error, ValueError, TypeError):
        raise not_ours() from None


def _value(text: str, kind: sa.types.TypeEngine[Any]) -> object:
    if kind.python_type is datetime:
        return _INSTANT.validate_python(text)
    if kind.python_type is date:
        return date.fromisoformat(text)
    value = kind.python_type(text)
    bits = 63 if isinstance(kind, sa.BigInteger) else 31
    if isinstance(value, int) and not -(2**bits) <= value < 2**bits:
        raise ValueError
    return value
