"""Waiting with an end."""

import asyncio


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, or when the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
