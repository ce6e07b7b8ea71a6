"""The bare baseline of booking: one FastAPI route and one insert under an exclusion constraint."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

CREATE = """
CREATE TABLE IF NOT EXISTS bare_booking (
    id uuid PRIMARY KEY, facility_id uuid NOT NULL, during tstzrange NOT NULL,
    EXCLUDE USING gist (facility_id WITH =, during WITH &&)
)
"""
_INSERT = """
INSERT INTO bare_booking VALUES ($1, $2, tstzrange($3, $4)) ON CONFLICT DO NOTHING RETURNING id
"""


class Wanted(BaseModel):
    """A facility."""

    facility_id: UUID


class Command(BaseModel):
    """The same body as ours."""

    facilities: tuple[Wanted]
    starts_at: datetime
    ends_at: datetime
    purpose: str


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/bookings", status_code=201)
async def book(command: Command, request: Request, response: Response) -> dict[str, str]:
    """Write the row, or answer 409."""
    [wanted] = command.facilities
    booking_id = await request.app.state.pool.fetchval(
        _INSERT, uuid4(), wanted.facility_id, command.starts_at, command.ends_at
    )
    if booking_id is None:
        response.status_code = 409
    return {"id": str(booking_id)} | command.model_dump(mode="json", exclude={"facilities"})
