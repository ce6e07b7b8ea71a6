"""A server of ours ends with its launcher, and a stranger's process is never touched."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.local.server import Server

_LAUNCHER = """
import signal, sys, time
from pathlib import Path
from deploy.local.server import Server
server = Server(Path(sys.argv[1]), "sleeper", stop_signal=signal.SIGTERM, grace_s=1)
server.start(sys.argv[2:])
print("started", flush=True)
time.sleep(60)
"""
_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
_SLEEP = "import time; time.sleep(60)"


def asleep() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", _SLEEP])  # noqa: S603 (our own words)


def eventually(true: Callable[[], bool], within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("script", [_SLEEP, _DEAF], ids=["polite", "deaf"])
def test_nothing_is_left_running_after_the_launcher_is_killed(tmp_path: Path, script: str) -> None:
    launcher = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-c", _LAUNCHER, tmp_path, sys.executable, "-c", script],
        stdout=subprocess.PIPE,
    )
    assert launcher.stdout is not None
    launcher.stdout.readline()
    pid_file = tmp_path / "sleeper.pid"
    assert eventually(lambda: pid_file.exists() and pid_file.read_text().endswith("}"))
    pid = json.loads(pid_file.read_text())["pid"]

    os.kill(launcher.pid, signal.SIGKILL)
    launcher.communicate(timeout=10)

    assert eventually(lambda: gone(pid))
    assert eventually(lambda: not pid_file.exists())


def test_the_next_start_ends_what_was_left_behind(tmp_path: Path) -> None:
    left = asleep()
    written = {"pid": left.pid, "command": psutil.Process(left.pid).cmdline()}
    (tmp_path / "sleeper.pid").write_text(json.dumps(written))

    Server(tmp_path, "sleeper", stop_signal=signal.SIGTERM, grace_s=5).clear_stale()

    left.wait(10)
    assert gone(left.pid)
    assert not (tmp_path / "sleeper.pid").exists()


def test_a_process_id_that_is_a_strangers_by_now_is_left_alone(tmp_path: Path) -> None:
    stranger = asleep()
    written = {"pid": stranger.pid, "command": ["postgres", "-D", "elsewhere"]}
    (tmp_path / "sleeper.pid").write_text(json.dumps(written))

    Server(tmp_path, "sleeper", stop_signal=signal.SIGTERM, grace_s=5).clear_stale()

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait(10)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "12", '{"command": []}', '{"pid": "x", "command": []}', '{"pid": -1}',
     '{"pid": 1e99, "command": []}', f'{{"pid": {10**30}, "command": []}}'],
)  # fmt: skip
def test_a_pid_file_of_which_nothing_can_be_made_is_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "sleeper.pid").write_text(text)
    server = Server(tmp_path, "sleeper", stop_signal=signal.SIGTERM, grace_s=5)

    server.clear_stale()

    assert server.pid is None
    assert not (tmp_path / "sleeper.pid").exists()


@pytest.mark.parametrize(
    "failure", [psutil.NoSuchProcess(1), psutil.AccessDenied(1), psutil.TimeoutExpired(1)]
)
def test_what_cannot_be_ended_does_not_stop_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: psutil.Error
) -> None:
    left = asleep()
    written = {"pid": left.pid, "command": psutil.Process(left.pid).cmdline()}
    (tmp_path / "sleeper.pid").write_text(json.dumps(written))

    def refuse(*_: object) -> None:
        raise failure

    monkeypatch.setattr(psutil.Process, "send_signal", refuse)
    Server(tmp_path, "sleeper", stop_signal=signal.SIGTERM, grace_s=5).clear_stale()

    assert not (tmp_path / "sleeper.pid").exists()
    left.kill()
    left.wait(10)


def test_a_process_that_is_started_again_keeps_what_it_had_said(tmp_path: Path) -> None:
    server = Server(tmp_path, "speaker", stop_signal=signal.SIGTERM, grace_s=5)
    server.log.write_text("said in an earlier life\n")

    for word in ("once", "twice"):
        server.start([sys.executable, "-c", f"print({word!r})"])
        assert eventually(lambda: not server.running)

    assert server.tail() == "once\ntwice"
    server.stop()
