"""Runs the services as Kubernetes would: an api and a worker of each, in processes of their own."""

import asyncio
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from starlette.types import ASGIApp

from deploy.local.body_limits import limits_of
from deploy.local.keeping import keep_up
from deploy.local.ports import free_ports
from deploy.local.proxy import Proxy
from deploy.local.server import Server, written_process
from deploy.local.services import Places, ServicePart

_GRACE_S = 25.0
_FOLDER = "services"
_STEADY_S = 10.0
"""Seconds after which a process that was started again is believed to stay."""
_CLOCK_S = 2.0
"""Seconds by which the birth of a process and the time of a file may be off."""


class ServiceProcess:
    """`python -m services.<name> api|worker` as a process."""

    def __init__(
        self, service: str, part: ServicePart, places: Places, folder: Path, *options: str
    ) -> None:
        """Describe the process; its log and pid file are kept in the folder."""
        self.name = f"{service}-{part}"
        self._command = [sys.executable, "-m", f"services.{service}", part, *options]
        told = places.environment(service, part)
        self._environment = {f"{service}_{name}".upper(): text for name, text in told.items()}
        self._server = Server(folder, self.name, stop_signal=signal.SIGTERM, grace_s=_GRACE_S)

    @property
    def running(self) -> bool:
        """Whether it is there now."""
        return self._server.running

    def start(self) -> None:
        """Start it; whether it is well is asked over HTTP."""
        self._server.start(self._command, environment=self._environment)

    def stop(self) -> None:
        """Let it finish what it has begun, then end it."""
        self._server.stop()


class EightProcesses:
    """The way of a cluster: what dies is started again, and the others do not notice."""

    def __init__(
        self, places: Places, services: Sequence[str], home: Path, console: Console
    ) -> None:
        """Run these services; what happens to them is said on the console."""
        self._console = console
        ports = free_ports(2 * len(services))
        self._ports = dict(zip(services, ports[::2], strict=True))
        worker_ports = dict(zip(services, ports[1::2], strict=True))
        folder = home / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._processes = [
            process
            for service, port in self._ports.items()
            for process in (
                ServiceProcess(service, "api", places, folder, "--port", str(port)),
                ServiceProcess(
                    service, "worker", places, folder, "--port", str(worker_ports[service])
                ),
            )
        ]
        self._proxies: list[Proxy] = []
        self.workers = {
            name: Proxy(f"http://127.0.0.1:{port}") for name, port in worker_ports.items()
        }

    async def start(self) -> Mapping[str, ASGIApp]:
        """Start every process and return a proxy for each service."""
        for process in self._processes:
            await asyncio.to_thread(process.start)
        proxies = {
            name: Proxy(f"http://127.0.0.1:{port}", limits_of(name))
            for name, port in self._ports.items()
        }
        self._proxies = list(proxies.values())
        return proxies

    async def watch(self) -> None:
        """Start again, after a pause that grows, whatever ends."""
        async with asyncio.TaskGroup() as group:
            for process in self._processes:
                group.create_task(keep_up(process.name, process, self._console))

    async def stop(self) -> None:
        """Stop all processes at once and wait for the slowest."""
        for proxy in (*self._proxies, *self.workers.values()):
            await proxy.close()
        stops = (asyncio.to_thread(process.stop) for process in self._processes)
        await asyncio.gather(*stops)


def worker_is_up(service: str, home: Path) -> bool:
    """Tell whether the worker of a service runs, and does not merely start again and again."""
    process = written_process(home / _FOLDER / f"{service}-worker.pid")
    if process is None:
        return False
    try:
        born, all_up = process.create_time(), (home / "run.json").stat().st_mtime
    except (OSError, psutil.Error):
        return False
    return born < all_up + _CLOCK_S or time.time() - born > _STEADY_S
