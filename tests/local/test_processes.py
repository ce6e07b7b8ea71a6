"""A worker that ends again and again is not taken for one that runs."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import processes
from deploy.local.processes import worker_is_up
from deploy.local.server import Server
from tests.support.launched import in_time

_SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "services").mkdir()
    server = Server(tmp_path / "services", "registry-worker", stop_signal=signal.SIGTERM, grace_s=5)
    yield server
    server.stop()


def start(worker: Server) -> None:
    worker.start(_SLEEP)
    assert in_time(lambda: worker.pid is not None, 10)


def test_a_worker_is_up_until_it_ends(worker: Server, tmp_path: Path) -> None:
    start(worker)
    (tmp_path / "run.json").touch()

    assert worker_is_up("registry", tmp_path)
    worker.stop()
    assert not worker_is_up("registry", tmp_path)


def test_a_worker_started_again_is_up_when_it_has_lived_for_a_while(
    worker: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.json").touch()
    os.utime(tmp_path / "run.json", (0, 0))
    start(worker)

    assert not worker_is_up("registry", tmp_path)
    monkeypatch.setattr(processes, "_STEADY_S", 0.0)
    assert worker_is_up("registry", tmp_path)
