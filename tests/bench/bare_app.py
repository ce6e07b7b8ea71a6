"""The bare baseline: one FastAPI route and one hand-written statement that writes the same rows."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel

_STATEMENT = """
WITH row AS (
    INSERT INTO enterprise (event_seq, id, kind, trade_name, search_name, unit_id, village_code,
                            kbli, size_class, status, verification, owner_ids)
    VALUES (1, $1, $2, $3, lower($3), $4, $5, $6, $7, 'active', 'draft', '{}') RETURNING *
)
INSERT INTO event_log (topic, key, epoch, seq, type, unit, data)
SELECT 'registry.enterprise.v1', id::text, 1, 1, 'id.sinergi.registry.enterprise.registered.v1',
       unit_id, row_to_json(row) FROM row
"""


class Command(BaseModel):
    """The same body as ours."""

    kind: Literal["enterprise", "cooperative"]
    trade_name: str
    unit_id: UUID
    village_code: str
    kbli: str
    size_class: Literal["mikro", "kecil", "menengah"]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/enterprises", status_code=201)
async def register(command: Command, request: Request) -> dict[str, str]:
    """Write the rows."""
    enterprise_id = uuid4()
    await request.app.state.pool.execute(
        _STATEMENT,
        enterprise_id,
        command.kind,
        command.trade_name,
        command.unit_id,
        command.village_code,
        command.kbli,
        command.size_class,
    )
    return {"id": str(enterprise_id)} | command.model_dump(mode="json")
