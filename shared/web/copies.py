"""Serves a service's copy of another's topic, read-only."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Response
from pydantic import create_model

from shared.access.scope import Place, visible_to
from shared.refusals import NotFound
from shared.streams.copies import Copy
from shared.streams.log import Tx
from shared.web.etags import tag
from shared.web.operations import Operation
from shared.web.paging import Page, Paged, page
from shared.web.transactions import Read

_LONGEST_CHAIN = 10
"""Mergers that are followed from an id that is no more."""


def copy_routes(
    copy: Copy[Any], plural: str, place: Place, *, hide: tuple[str, ...] = ()
) -> APIRouter:
    """`GET /<plural>` and `GET /<plural>/{id}`; a merged id answers with its successor.

    The rows are those whose `place` the actor may see. What is kept for the service's own
    decisions and is not for its readers is in `hide`.
    """
    names = [name for name in ("id", *copy.keep) if name not in hide]
    fields: dict[str, Any] = {
        name: (copy.state.model_fields[name].annotation, ...) for name in names
    }
    shown = create_model(copy.state.__name__.removesuffix("State"), **fields)
    table = copy.table.c
    columns = [table[name] for name in names]
    filtered = _of_unit if "unit_id" in names else _unfiltered
    router = APIRouter(tags=[plural], route_class=Operation)

    def seen(tx: Tx) -> sa.ColumnElement[bool]:
        return visible_to(tx.actor, place)

    @router.get(f"/{plural}", operation_id=f"list_{plural}", response_model=Page[shown])
    async def list_all(
        tx: Read, window: Paged, unit_id: Annotated[UUID | None, Depends(filtered)]
    ) -> dict[str, Any]:
        statement = sa.select(*columns).where(seen(tx))
        if unit_id is not None:
            statement = statement.where(table.unit_id == unit_id)
        rows, following = await page(tx, statement, [table.id], window)
        return {"items": [row._mapping for row in rows], "next": following}  # noqa: SLF001 (SQLAlchemy's public name)

    @router.get(f"/{plural}/{{id}}", operation_id=f"read_{plural}", response_model=shown)
    async def read_one(id: UUID, tx: Read, answer: Response) -> Mapping[str, Any]:  # noqa: A002 (the path's name)
        row = await _resolved(tx, copy, sa.select(*columns, table.seq).where(seen(tx)), id)
        tag(answer, row["seq"])
        return row

    return router


def _of_unit(unit_id: Annotated[UUID | None, Query()] = None) -> UUID | None:
    return unit_id


def _unfiltered() -> None:
    return None


async def _resolved(
    tx: Tx, copy: Copy[Any], statement: sa.Select[Any], key: UUID
) -> Mapping[str, Any]:
    for _ in range(_LONGEST_CHAIN):
        found = await tx.execute(statement.where(copy.table.c.id == key))
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFound("There is none with this id, or it has not been heard of yet.")
        if row.get("merged_into") is None:
            return dict(row)
        key = row["merged_into"]
    raise NotFound("What this id was merged into was merged again and again, without an end.")
