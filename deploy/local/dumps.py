"""One database to a file and back, by PostgreSQL's own programs."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.local.postgres import programs
from deploy.local.refusals import CannotStart

_LONGEST_S: Final = 6 * 3600.0


async def dump(url: str, file: Path) -> None:
    """Write a database, as one moment shows it, to a file in PostgreSQL's custom format.

    Raises CannotStart when that fails; no half of a file is left.
    """
    unfinished = file.with_suffix(".unfinished")
    try:
        await _run(url, "pg_dump", "--format=custom", f"--file={unfinished}")
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


async def load(url: str, file: Path) -> None:
    """Fill an empty database from such a file, whole or not at all. Raises CannotStart."""
    await _run(url, "pg_restore", "--exit-on-error", "--single-transaction", str(file))
    await _run(url, "vacuumdb", "--analyze-only", "--quiet")


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


async def _run(url: str, program: str, *words: str) -> None:
    place = urlsplit(url)
    # The password is not for the list of processes.
    address = urlunsplit(
        place._replace(netloc=f"{place.username}@{place.netloc.rpartition('@')[2]}")
    )
    secret = {"PGPASSWORD": unquote(place.password)} if place.password else {}
    running = await asyncio.create_subprocess_exec(
        programs() / program, f"--dbname={address}", *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **secret},
    )  # fmt: skip
    try:
        async with asyncio.timeout(_LONGEST_S):
            _, complaint = await running.communicate()
    finally:
        if running.returncode is None:
            running.kill()
    if running.returncode != 0:
        raise CannotStart(f"{program} failed: {complaint.decode(errors='replace').strip()[-1000:]}")
