"""Whether the api of a service lives, and whether it is ready."""

import asyncio

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from shared.access.database_role import refuse_free_role
from shared.database import Database
from shared.streams.catching_up import caught_up, percent

_READY_DEADLINE = 2.0

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", status_code=204)
async def live() -> None:
    """The process answers."""


@router.get("/ready", status_code=204)
async def ready(request: Request) -> Response:
    """The database answers, and guards its rows; Kafka is not asked: writes do not need it.

    Who is far behind with what others say is ready all the same, and says how far it is.
    """
    database: Database = request.app.state.database
    async with asyncio.timeout(_READY_DEADLINE), database.reading() as tx:
        await refuse_free_role(tx)
        far_behind = caught_up(await percent(tx))
    if far_behind is not None:
        return JSONResponse({"copies": far_behind})
    return Response(status_code=204)
