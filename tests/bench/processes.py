"""Starts a server or a worker as a process of its own, and ends it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

_START_DEADLINE = 20.0


@asynccontextmanager
async def process(
    arguments: Sequence[str], environment: dict[str, str], *, until_it_says: bytes | None = None
) -> AsyncIterator[None]:
    """Run `python ARGUMENTS` for as long as the block, which begins when it has said a line."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE if until_it_says else None,
    )
    try:
        if until_it_says and child.stdout:
            async with asyncio.timeout(_START_DEADLINE):
                await child.stdout.readuntil(until_it_says)
        yield
    finally:
        child.terminate()
        async with asyncio.timeout(_START_DEADLINE):
            await child.wait()


@asynccontextmanager
async def server(arguments: Sequence[str], environment: dict[str, str]) -> AsyncIterator[int]:
    """Run `python ARGUMENTS --port N` on a free port, and give the port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    async with process([*arguments, "--port", str(port)], environment):
        await _until_listening(port)
        yield port


async def _until_listening(port: int) -> None:
    async with asyncio.timeout(_START_DEADLINE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
