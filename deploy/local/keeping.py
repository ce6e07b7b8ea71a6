"""Keeps a server up: says plainly when it ends by itself, and starts it again."""

import asyncio
import time
from typing import Protocol

from rich.console import Console

_LOOK_S = 0.5
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
"""Who has stayed up for so long is given a short pause again."""


class Startable(Protocol):
    """Something that runs and can be started."""

    @property
    def running(self) -> bool:
        """Whether it is there now."""

    def start(self) -> object:
        """Bring it up."""


async def keep_up(name: str, server: Startable, console: Console) -> None:
    """Start the server again whenever it has ended, after a pause that grows; run until cancelled.

    What `start` raises is not caught: it is the reason why the server cannot go on.
    """
    pause, started = _FIRST_PAUSE_S, time.monotonic()
    while True:
        await asyncio.sleep(_LOOK_S)
        if await asyncio.to_thread(lambda: server.running):
            continue
        if time.monotonic() - started > _STEADY_S:
            pause = _FIRST_PAUSE_S
        console.print(f"[yellow]![/] {name} ended by itself; starting it again in {pause:.0f} s")
        await asyncio.sleep(pause)
        await asyncio.to_thread(server.start)
        pause, started = min(pause * 2, _LONGEST_PAUSE_S), time.monotonic()
