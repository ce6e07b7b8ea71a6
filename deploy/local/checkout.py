"""What this checkout keeps under `.sinergi/`: who runs, where everything answers, and one lock."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import psutil

from deploy.local.refusals import AlreadyRunning, CannotStart
from deploy.local.secret_files import write_secret
from deploy.local.server import written_process

HOME = Path(__file__).resolve().parents[2] / ".sinergi"
SERVICES = ("registry", "mentoring", "partners", "facilities")
USUAL_PORT = 8080
GIVEN = {"postgresql": "SINERGI_POSTGRES_URL", "kafka": "SINERGI_KAFKA"}
"""Where the environment gives the address of a server that somebody else runs."""
_PROBE_S = 1.0
"""Longer than anybody who only looks at the lock holds it."""
_PAUSE_S = 0.02


@dataclass(frozen=True)
class Running:
    """An ecosystem that is up, as `.sinergi/run.json` tells it to the `sinergi` command."""

    pid: int
    port: int
    mode: str
    url: str
    postgres: str
    """The superuser's address."""
    kafka: str
    databases: dict[str, str]
    """The address of each service's own database, as its worker enters it."""
    sources: dict[str, str]
    """Where `postgresql` and `kafka` come from, in a word or two."""

    def write(self, home: Path) -> None:
        """Tell it; the addresses carry passwords, so only the owner may read them."""
        write_secret(home / "run.json", json.dumps(asdict(self), indent=2))


def running(home: Path = HOME) -> Running | None:
    """Return what runs in this checkout, None when nothing does."""
    if not held(home):
        return None
    try:
        return Running(**json.loads((home / "run.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def wished_port() -> int:
    """Return the port of SINERGI_PORT, or the usual one.

    Raises:
        CannotStart: it is not a port number.

    """
    text = os.environ.get("SINERGI_PORT", str(USUAL_PORT))
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        message = f"SINERGI_PORT is {text!r}, which is not a port number; {USUAL_PORT} would be."
        raise CannotStart(message)
    return int(text)


def front_url(home: Path = HOME) -> str:
    """Return where the front answers, or will answer once it is started."""
    here = running(home)
    return here.url if here else f"http://127.0.0.1:{wished_port()}"


@contextmanager
def the_only_one(home: Path = HOME) -> Iterator[None]:
    """Hold this checkout's lock; the system frees it when we die, however we die.

    Raises:
        AlreadyRunning: another process of this checkout holds it.

    """
    home.mkdir(exist_ok=True)
    with (home / "lock").open("a+") as lock:
        if not _taken(lock):
            raise AlreadyRunning(_who(home))
        # One that was killed could not take back what it told.
        (home / "run.json").unlink(missing_ok=True)
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "command": psutil.Process().cmdline()}))
        lock.flush()
        try:
            yield
        finally:
            (home / "run.json").unlink(missing_ok=True)
            lock.truncate(0)


def held(home: Path = HOME) -> bool:
    """Tell whether somebody runs or starts the ecosystem of this checkout."""
    try:
        with (home / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def holder(home: Path = HOME) -> psutil.Process | None:
    """Return who holds the lock, None when nobody does or who does has not said so yet."""
    if not held(home):
        return None
    # Who has just taken it may not have replaced what a killed one wrote, so it is written as in
    # a pid file: the number alone could be a stranger's by now.
    return written_process(home / "lock")


def ask_to_stop(home: Path = HOME) -> int | None:
    """Ask who holds the lock to stop; return its process id, None when it has not said it yet."""
    process = holder(home)
    if process is None:
        return None
    with suppress(psutil.NoSuchProcess):
        process.terminate()
    return process.pid


def _taken(lock: TextIO) -> bool:
    deadline = time.monotonic() + _PROBE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Perhaps somebody only looks whether it is held.
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_S)
        else:
            return True


def _who(home: Path) -> str:
    here = running(home)
    where = f"at {here.url}" if here else "and is still starting"
    return f"Sinergi already runs in this folder {where}; `sinergi down` stops it."
