"""The README's tour, typed word for word into a clone, in both modes."""

import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"<!-- tour -->\n```console\n(.*?)```", re.DOTALL)
_UP_DEADLINE = 300
_TOUR_DEADLINE = 300
_DOWN_DEADLINE = 60


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder outside pytest's own, which each new run closes to PostgreSQL's account."""
    with tempfile.TemporaryDirectory(prefix="sinergi-tour-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.mark.proof
@pytest.mark.parametrize("mode", ["one", "processes"])
def test_the_tour_does_what_the_readme_shows(folder: Path, mode: str) -> None:
    clone = folder / "sinergi"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
    port = _free_port()
    blocks = _BLOCK.findall((clone / "README.md").read_text(encoding="utf-8"))
    shown = "".join(blocks).replace("8080", str(port))
    commands = [line[2:] for line in shown.splitlines() if line.startswith("$ ")]

    with _up(clone, port, mode):
        said = _typed(clone, commands)

    for line in shown.splitlines():
        if not line.startswith("$ "):
            for part in _lasting(line):
                assert part in said, f"the README shows {part!r}, not said in:\n{said}"


def _lasting(line: str) -> list[str]:
    """The parts of a shown line that are the same in every run: no ids, times or addresses."""
    parts = re.split(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|#1.*|[\d:.]{7,}|\.\.\.", line)
    return [part.strip() for part in parts if part.strip()]


def _typed(clone: Path, commands: list[str]) -> str:
    """What a shell says to the commands, one after the other."""
    script = "\n".join(commands)
    told = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        timeout=_TOUR_DEADLINE,
        env=os.environ | {"COLUMNS": "120"},
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout + told.stderr


@contextmanager
def _up(clone: Path, port: int, mode: str) -> Iterator[None]:
    """`make up` until it says that it is up; Ctrl-C at the end, which must stop it in order."""
    log = clone / "up.log"
    environment = os.environ | {"SINERGI_PORT": str(port), "MODE": mode}
    with log.open("w", encoding="utf-8") as output:
        launcher = subprocess.Popen(  # noqa: S603
            shlex.split("make up"),
            cwd=clone,
            stdout=output,
            stderr=output,
            env=environment,
            start_new_session=True,
        )
        try:
            _until_up(launcher, log)
            yield
        finally:
            if launcher.poll() is None:
                os.killpg(launcher.pid, signal.SIGINT)
            launcher.wait(_DOWN_DEADLINE)
    said = log.read_text(encoding="utf-8")
    # Make itself ends by the signal, as a shell expects of it; what it ran ended in order.
    assert launcher.returncode in {0, -signal.SIGINT}, said
    assert "PostgreSQL   stopped" in said


def _until_up(launcher: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _UP_DEADLINE
    while "Sinergi is up" not in log.read_text(encoding="utf-8"):
        assert launcher.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
