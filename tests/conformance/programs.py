"""Runs a program in another language to its end, and says what to install when it cannot."""

import asyncio
from asyncio.subprocess import PIPE

_DEADLINE_S = 120


async def run(*command: str, given: str = "", within: float = _DEADLINE_S) -> str:
    """Return what the command prints, given this text to read; it must end well, and in time."""
    program = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(within):
            printed, complained = await program.communicate(given.encode())
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert program.returncode == 0, complained.decode()[-4000:]
    return printed.decode()
