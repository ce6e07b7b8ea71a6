"""A rush on one slot waits at the door, so that it leaves connections for everything else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Depends, Request

from shared.access.web import CurrentActor
from shared.refusals import Unavailable

_AT_ONCE: Final = 6
"""Of the connections that a process has to its database."""
_PATIENCE: Final = 10.0
"""Seconds; whoever waited for so long is asked to come again."""


async def _turn(request: Request, _: CurrentActor) -> AsyncIterator[None]:
    state = request.app.state
    if not hasattr(state, "turns"):
        state.turns = asyncio.Semaphore(_AT_ONCE)
    turns: asyncio.Semaphore = state.turns
    try:
        async with asyncio.timeout(_PATIENCE):
            await turns.acquire()
    except TimeoutError:
        raise Unavailable("Many want to book at this moment. Send the same again.") from None
    try:
        yield
    finally:
        turns.release()


IN_TURN: Final = Depends(_turn, scope="function")
"""For a route that many may want at once; it is entered before the transaction, and left after."""
