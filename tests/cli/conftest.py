"""One ecosystem of its own for the commands, up for as long as they are tested."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cli import audit, doctor, events, importing, life, parked, token, vault
from deploy.local.ports import free_ports

_UP_S = 120.0
_LAUNCH = """
import sys
from pathlib import Path
from rich.console import Console
from deploy.local.launching import launch
launch("one", int(sys.argv[1]), Console(), Path(sys.argv[2]))
"""


# Of the package: to the end of a whole run, an ecosystem at rest would take a sixth of a core.
@pytest.fixture(scope="package")
def ecosystem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run everything in a folder and give the folder."""
    home = tmp_path_factory.mktemp("cli") / ".sinergi"
    launcher = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-c", _LAUNCH, str(free_ports(1)[0]), str(home)]
    )
    deadline = time.monotonic() + _UP_S
    try:
        while not (home / "run.json").exists() and launcher.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert launcher.poll() is None
        yield home
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(60)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands work in a fresh folder where nothing runs."""
    return _work_in(tmp_path / ".sinergi", monkeypatch)


@pytest.fixture
def here(ecosystem: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands work in the folder of the running ecosystem."""
    return _work_in(ecosystem, monkeypatch)


def _work_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for command in (audit, doctor, events, importing, life, parked, token, vault):
        monkeypatch.setattr(command, "HOME", folder)
    return folder
