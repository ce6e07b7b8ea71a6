"""Programs of ours as processes of their own, to be killed, frozen and started again."""

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from deploy.local.server import Server
from shared.settings import ServiceSettings

_GRACE_S = 25.0


class Program:
    """`python -m WORDS`, there for as long as the block; it cannot outlive the tests."""

    def __init__(
        self, log: Path, words: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Write what it says to the log, a file `<name>.log`."""
        self.name = log.stem
        self._command = [sys.executable, "-m", *words]
        self._environment = {"PYTHONUNBUFFERED": "1", **(environment or {})}
        self._server = Server(log.parent, log.stem, stop_signal=signal.SIGTERM, grace_s=_GRACE_S)

    def start(self) -> None:
        """Start it; an earlier log of it is overwritten."""
        self._server.start(self._command, environment=self._environment)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._server.stop()

    def wake_up(self) -> None:
        """Let it continue after it was frozen."""
        self._process.resume()

    async def frozen(self) -> bool:
        """Whether it stands still."""
        return self._process.status() == psutil.STATUS_STOPPED

    def memory(self) -> int:
        """The bytes that it holds resident."""
        return int(self._process.memory_info().rss)

    async def gone(self) -> bool:
        """Whether it has ended."""
        return not self._server.running

    async def said(self, words: str) -> bool:
        """Whether its log has these words."""
        return words in self._server.log.read_text()

    @property
    def _process(self) -> psutil.Process:
        return psutil.Process(self._server.pid)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()


def environment_of(settings: ServiceSettings) -> dict[str, str]:
    """The variables that give a service these settings."""
    given = settings.model_dump(mode="json", exclude_defaults=True)
    return {
        f"{settings.service}_{name}".upper(): value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
