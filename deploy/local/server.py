"""One server process that cannot outlive us: a watchdog stops it when its pipe closes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local import watchdog

_KILL_S = 5.0
_NO_PROCESS = (OSError, ValueError, TypeError, KeyError, OverflowError, psutil.Error)
"""What comes of a pid file that is not there, not ours, half written, or of a process gone."""


@dataclass(frozen=True)
class Account:
    """The operating system's account that a server runs under."""

    uid: int
    gid: int


class Server:
    """A process with its log, its pid file and one way to end: the stop signal, then SIGKILL."""

    def __init__(self, folder: Path, name: str, *, stop_signal: int, grace_s: float) -> None:
        """Give it a folder for `<name>.log` and `<name>.pid`; grace_s is seconds before SIGKILL."""
        self.name = name
        self.log = folder / f"{name}.log"
        self._pid_file = folder / f"{name}.pid"
        self._stop_signal = stop_signal
        self._grace_s = grace_s
        self._watchdog: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process that we started is still there."""
        return self._watchdog is not None and self._watchdog.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's own process id, or None when none is known to run."""
        process = written_process(self._pid_file)
        return process.pid if process else None

    def start(
        self,
        command: Sequence[str],
        *,
        account: Account | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start the command after ending what an earlier launcher may have left of it."""
        again = self._watchdog is not None
        self.stop()
        self.clear_stale()
        owner = f"{account.uid}:{account.gid}" if account else ""
        words = (str(self._stop_signal), str(self._grace_s), owner, str(self._pid_file), *command)
        # A process that is started again goes on with its log: it may tell why it ended.
        with self.log.open("ab" if again else "wb") as log:
            self._watchdog = subprocess.Popen(  # noqa: S603 (our own words)
                [sys.executable, "-I", "-S", watchdog.__file__, *words],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End the process: at once when it is gone already, else within the grace period."""
        if self._watchdog is None:
            return
        if self._watchdog.stdin:
            self._watchdog.stdin.close()
        self._watchdog.wait(self._grace_s + _KILL_S)
        self._watchdog = None

    def clear_stale(self) -> None:
        """End a process that an earlier launcher left behind, and only that one.

        One that cannot be ended is left: the new server finds its data locked and says so.
        """
        left = written_process(self._pid_file)
        if left is not None:
            with suppress(psutil.Error):
                left.send_signal(self._stop_signal)
                _, alive = psutil.wait_procs([left], timeout=self._grace_s)
                for process in alive:
                    process.kill()
                    process.wait(_KILL_S)
        self._pid_file.unlink(missing_ok=True)

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of the log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def written_process(pid_file: Path) -> psutil.Process | None:
    """Return the process that a pid file tells of, None when it is not there any more."""
    # A process id is used again by the system, so the command must be the same word for word.
    try:
        written = json.loads(pid_file.read_text())
        process = psutil.Process(written["pid"])
        return process if process.cmdline() == written["command"] else None
    except _NO_PROCESS:
        return None
