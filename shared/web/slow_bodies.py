"""A request's body must keep coming: a client that stalls would hold its place for ever."""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE = 30.0
SLOWEST = 10_000
"""Seconds that any body may take, and the bytes that must come in each second besides."""


class SlowBodies:
    """Gives up a body that comes too slowly, with 408 (RFC 9110, 15.5.9)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything, for as long as it keeps coming."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, arrived, whole = time.monotonic(), 0, False

        async def timely() -> Message:
            nonlocal arrived, whole
            if whole:
                return await receive()
            left = started + GRACE + arrived / SLOWEST - time.monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            arrived += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, timely, send)
