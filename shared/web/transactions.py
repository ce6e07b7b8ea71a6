"""How a route gets its transaction; the commit comes before the answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request, Response

from shared.access.actor import Actor
from shared.access.web import CurrentActor
from shared.database import Database
from shared.streams.log import Tx
from shared.web.idempotency import Attempt, Key, KeyIfAny


async def _create(
    request: Request, response: Response, actor: CurrentActor, key: Key
) -> AsyncIterator[Tx]:
    async with _once(request, response, actor, key) as tx:
        yield tx


async def _write(
    request: Request, response: Response, actor: CurrentActor, key: KeyIfAny = None
) -> AsyncIterator[Tx]:
    async with _once(request, response, actor, key) as tx:
        yield tx


@asynccontextmanager
async def _once(
    request: Request, response: Response, actor: Actor, key: str | None
) -> AsyncIterator[Tx]:
    database: Database = request.app.state.database
    attempt = await Attempt.of(request, actor.subject, key) if key else None
    async with database.transaction(actor) as tx:
        if attempt:
            await attempt.recall(tx)
        yield tx
        if attempt:
            status = response.status_code or request.scope["route"].status_code or 200
            await attempt.remember(tx, status, response)


async def _write_once(request: Request, actor: CurrentActor) -> AsyncIterator[Tx]:
    database: Database = request.app.state.database
    async with database.transaction(actor) as tx:
        yield tx


async def _read(request: Request, actor: CurrentActor) -> AsyncIterator[Tx]:
    database: Database = request.app.state.database
    async with database.reading(actor) as tx:
        yield tx


# With the default scope the commit would come after the response has left: an answer of 201 for
# a row that may never be.
Create = Annotated[Tx, Depends(_create, scope="function")]
"""A transaction for a signed-in actor, committed before the answer; it needs an idempotency key."""
Write = Annotated[Tx, Depends(_write, scope="function")]
"""The same for what is harmless when it is done again; idempotent by key, if one is sent."""
WriteOnce = Annotated[Tx, Depends(_write_once, scope="function")]
"""The same for an operation that what it carries makes idempotent; it takes no key."""
Read = Annotated[Tx, Depends(_read, scope="function")]
"""A transaction that only reads."""
