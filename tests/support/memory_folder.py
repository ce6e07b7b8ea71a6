"""A folder in memory for what a run of tests writes: most of its time goes by waiting for a disk.

The servers are as durable as ever, and say so; their disk is a quick one. What a process that is
killed has written is there afterwards, as on any disk.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import psutil

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (each run makes a folder of its own there)
_PREFIX: Final = "sinergi-"
_ROOM: Final = 8 * 2**30
"""Bytes that must be free, twice of what a run was seen to need."""


def take_memory_folder() -> Path | None:
    """Let temporary files go to memory; None where there is not enough, as on a small machine."""
    _clear_abandoned()
    if not _MEMORY.is_dir() or _room() < _ROOM:
        return None
    # Short, for the name of a socket has but 107 bytes; and the servers, which run as somebody else
    # where tests run as root, come through.
    folder = _MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def _room() -> int:
    return min(shutil.disk_usage(_MEMORY).free, psutil.virtual_memory().available)


def _clear_abandoned() -> None:
    """Remove what a run that was killed has left: nothing else empties memory."""
    for folder in _MEMORY.glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(folder.name.removeprefix(_PREFIX))):
            shutil.rmtree(folder, ignore_errors=True)
