"""The whole ecosystem as `sinergi up` runs it, in a folder of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from deploy.local.checkout import Running
from deploy.local.ports import free_ports

_UP_S = 120.0
_LAUNCH = """
import sys
from pathlib import Path
from rich.console import Console
from deploy.local.launching import launch
launch(sys.argv[1], int(sys.argv[2]), Console(), Path(sys.argv[3]))
"""


def in_time(true: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


@dataclass
class Launched:
    """One launcher under test; the folder outlives it."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_ports(1)[0])
    said: str = ""

    def start(self, mode: str) -> None:
        """Start the launcher and wait until everything is up."""
        told = self.home / "run.json"
        told.unlink(missing_ok=True)
        words = [sys.executable, "-c", _LAUNCH, mode, str(self.port), str(self.home)]
        self.process = subprocess.Popen(  # noqa: S603 (our own words)
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
        )
        assert in_time(lambda: told.exists() or self.process.poll() is not None, _UP_S)
        assert told.exists(), self.process.communicate()[0]

    def end(self, number: int) -> None:
        """Send a signal and keep what the launcher said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.said = self.process.communicate(timeout=60)[0]

    @property
    def here(self) -> Running:
        """What it tells of itself while it is up."""
        return Running(**json.loads((self.home / "run.json").read_text()))

    @property
    def database(self) -> str:
        """The registry's database."""
        return self.here.databases["registry"]

    def family(self) -> list[psutil.Process]:
        """Every process that the launcher has brought about."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def get(self, path: str) -> httpx.Response:
        """Ask the front."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)
