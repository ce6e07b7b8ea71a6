"""Runs a program in another language to its end, and says what to install when it cannot."""

import asyncio
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

_DEADLINE_S = 120
_TOOLS = Path(".tools/conformance")
_NODE = "Node 18 or newer with npm is not installed here (Debian, Ubuntu: apt install npm)."
_MISSING = {
    "java": (
        "A Java development kit, 17 or newer, is not installed here "
        "(Debian, Ubuntu: apt install openjdk-17-jdk-headless)."
    ),
    "node": _NODE,
    "npm": _NODE,
}


async def found(program: str) -> str:
    """Where a program is; without it the test fails with a sentence on what to install."""
    path = shutil.which(program)
    whole = path and (program != "java" or "jdk.compiler" in await run(path, "--list-modules"))
    if path is None or not whole:
        pytest.fail(_MISSING[program])
    return path


async def installed(program: Path) -> Path:
    """Copy a program in Node and bring what its lock names, running none of their scripts."""
    npm = await found("npm")
    folder = (_TOOLS / program.name).absolute()
    shutil.copytree(program, folder, dirs_exist_ok=True)
    await run(npm, "ci", "--prefix", str(folder), *_QUIETLY)
    return folder


_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")


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
