"""One check: a command at the root of a checkout that exits with 0 when all is well."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

_DEADLINE = 300.0


@dataclass(frozen=True)
class Check:
    """A command, under the name by which people know what it asks."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a check ended, after how many seconds, and what its tool said."""

    check: Check
    passed: bool
    seconds: float
    said: str


async def ask(check: Check, root: Path) -> Outcome:
    """Run one check to its end, or to the deadline."""
    started = monotonic()
    process = await asyncio.create_subprocess_exec(
        *check.command, cwd=root, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), _DEADLINE)
    except TimeoutError:
        process.kill()
        await process.wait()
        said = f"no answer within {_DEADLINE:.0f} s".encode()
    passed = process.returncode == 0
    return Outcome(check, passed, monotonic() - started, said.decode(errors="replace"))
