"""Runs one server and stops it when the pipe on standard input closes, so when its launcher dies.

It is started as a script with nothing but the standard library, to be small and quick:
`python -I -S watchdog.py SIGNAL GRACE_SECONDS ACCOUNT PID_FILE COMMAND...`. ACCOUNT is `uid:gid`,
or empty for ours. PID_FILE tells the running server as `{"pid": ..., "command": [...]}`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType


def run(stop_signal: int, grace_s: float, account: str, pid_file: Path, command: list[str]) -> int:
    """Run the command until it ends by itself or the pipe closes; return its exit status."""
    server = _start(command, account)
    for received in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(received, _carry_on)
    pid_file.write_text(json.dumps({"pid": server.pid, "command": command}))
    waiting = threading.Thread(target=_stop, args=(server, stop_signal, grace_s), daemon=True)
    waiting.start()
    status = server.wait()
    pid_file.unlink(missing_ok=True)
    return status


def _start(command: list[str], account: str) -> "subprocess.Popen[bytes]":
    if not account:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (our own words)
    uid, gid = map(int, account.split(":"))
    return subprocess.Popen(  # noqa: S603 (our own words)
        command, stdin=subprocess.DEVNULL, user=uid, group=gid, extra_groups=[]
    )


def _carry_on(_signal: int, _frame: FrameType | None) -> None:
    """Only the pipe decides: a signal meant for the launcher must not leave the server alone."""


def _stop(server: "subprocess.Popen[bytes]", stop_signal: int, grace_s: float) -> None:
    # Not through `sys.stdin`, whose lock the interpreter needs when the server ends by itself.
    while os.read(0, 4096):
        pass
    server.send_signal(stop_signal)
    try:
        server.wait(grace_s)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    number, grace, owner, file_name, *words = sys.argv[1:]
    sys.exit(abs(run(int(number), float(grace), owner, Path(file_name), words)))
