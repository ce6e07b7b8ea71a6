"""Waits with a deadline for a server to answer, and says plainly why it did not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from deploy.local.refusals import CannotStart
from deploy.local.server import Server

_PAUSE_S = 0.03
_ANSWER_S = 5.0

T = TypeVar("T")


def outside_any_loop(ask: Callable[[], Awaitable[T]]) -> T:
    """Run the question to its end, also when the caller's thread has a running event loop."""

    async def question() -> T:
        return await ask()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, question()).result()


async def until_ready(
    server: Server,
    ask: Callable[[], Awaitable[None]],
    *,
    not_yet: tuple[type[Exception], ...],
    deadline_s: float,
) -> None:
    """Ask again and again until the server answers; `not_yet` are the answers of a server starting.

    Raises:
        CannotStart: it ended, or did not answer in time; the message carries the end of its log.
    """
    started = time.monotonic()
    while True:
        try:
            async with asyncio.timeout(_ANSWER_S):
                return await ask()
        except not_yet:
            if not server.running:
                raise _refusal(server, "stopped while starting") from None
            if time.monotonic() - started > deadline_s:
                raise _refusal(server, f"did not answer within {deadline_s:.0f} s") from None
        await asyncio.sleep(_PAUSE_S)


def _refusal(server: Server, what: str) -> CannotStart:
    message = f"{server.name} {what}. The end of its log ({server.log}):\n{server.tail()}"
    return CannotStart(message)
