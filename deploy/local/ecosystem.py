"""Brings the whole ecosystem up in order, keeps it up, and takes it down in the reverse order."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

from rich.console import Console

from deploy.local.checkout import SERVICES, Running
from deploy.local.containers import engine_answers
from deploy.local.event_stream import EventStream
from deploy.local.front import Front, service_health
from deploy.local.http_server import reserve, serving
from deploy.local.issuer import Issuer
from deploy.local.keeping import keep_up
from deploy.local.one_process import OneProcess
from deploy.local.parts import Part, Parts, find_kafka, find_postgres
from deploy.local.preparing import prepare
from deploy.local.processes import EightProcesses
from deploy.local.progress import Steps, Stopped
from deploy.local.refusals import CannotStart
from deploy.local.services import Places, Services
from deploy.local.welcome import welcome

Mode = Literal["one", "processes"]

_READY_S = 60.0
_PAUSE_S = 0.1
_INTERRUPTED = 130


class Ecosystem:
    """One life of the ecosystem, from the first step to the last."""

    def __init__(self, mode: Mode, port: int, console: Console, home: Path) -> None:
        """Choose how it runs and where it answers; its data is kept in `home`."""
        self._mode = mode
        self._port = port
        self._console = console
        self._home = home
        self._url = f"http://127.0.0.1:{port}"
        self._wish_to_stop = asyncio.Event()
        self._interrupted = False
        self._steps = Steps(console, self._wish_to_stop)
        self._down = AsyncExitStack()
        self._cares: list[Callable[[], Awaitable[object]]] = [self._wish_to_stop.wait]
        self._sources: dict[str, str] = {}

    async def live(self) -> None:
        """Run until a signal comes or something cannot go on.

        Raises:
            CannotStart: a part, a service or a worker cannot run.

        """
        self._listen_for_signals()
        with reserve(self._port) as taken:
            async with self._down:
                try:
                    with self._steps.shown():
                        here = await self._start(taken)
                    self._console.print(welcome(here))
                    await self._keep()
                except Stopped:
                    self._console.print("It was not up yet.")

    async def _start(self, taken: socket.socket) -> Running:
        parts = await self._start_parts()
        places = await prepare(parts, self._url, self._home, self._steps)
        with self._steps.step("Services") as tell:
            tell("in one process" if self._mode == "one" else "in eight processes")
            await self._start_services(places, taken)
        here = Running(
            pid=os.getpid(),
            port=self._port,
            mode=self._mode,
            url=self._url,
            postgres=parts.postgres_url,
            kafka=parts.kafka,
            databases={name: each.worker for name, each in places.databases.items()},
            sources=self._sources,
        )
        here.write(self._home)
        return here

    async def _start_parts(self) -> Parts:
        containers = await asyncio.to_thread(engine_answers)
        postgres = find_postgres(self._home, containers=containers)
        kafka = find_kafka(self._home, containers=containers)
        self._sources = {"postgresql": postgres.source, "kafka": kafka.source}
        answers = await asyncio.gather(
            self._start_part("PostgreSQL", postgres),
            self._start_part("Kafka", kafka),
            # Both are waited for: a thread that still starts a server cannot be told to stop.
            return_exceptions=True,
        )
        return Parts(*(_without_failure(answer) for answer in answers))

    async def _start_part(self, name: str, part: Part) -> str:
        self._at_the_end(name, lambda: asyncio.to_thread(part.stop))
        with self._steps.step(name) as tell:
            address = await asyncio.to_thread(part.start, tell)
            tell(f"{part.source}, {address.rpartition('@')[2].partition('/')[0]}")
        self._cares.append(lambda: keep_up(name, part, self._console))
        return address

    async def _start_services(self, places: Places, taken: socket.socket) -> None:
        services: Services = (
            OneProcess(places, SERVICES)
            if self._mode == "one"
            else EightProcesses(places, SERVICES, self._home, self._console)
        )
        self._at_the_end("Services", services.stop)
        apps = await services.start()
        events = EventStream(places.kafka)
        front = Front(Issuer(self._url, self._home), events, apps, services.workers)
        self._cares += [services.watch, events.run]
        await self._down.enter_async_context(serving(front, taken))
        self._at_the_end("HTTP", events.end)
        await self._until_ready()

    async def _until_ready(self) -> None:
        deadline = time.monotonic() + _READY_S
        while unready := await self._unready():
            if time.monotonic() > deadline:
                message = (
                    f"Not ready within {_READY_S:.0f} s: {', '.join(unready)}. "
                    f"Why is said in {self._log_of_services}."
                )
                raise CannotStart(message)
            await asyncio.sleep(_PAUSE_S)

    async def _unready(self) -> list[str]:
        health = await service_health(self._url, SERVICES)
        return [name for name, well in health.items() if not well]

    @property
    def _log_of_services(self) -> Path:
        return self._home / ("sinergi.log" if self._mode == "one" else "services")

    async def _keep(self) -> None:
        cares = [asyncio.ensure_future(care()) for care in self._cares]
        try:
            done, _ = await asyncio.wait(cares, return_when=asyncio.FIRST_COMPLETED)
            for care in done:
                care.result()
        finally:
            self._console.print("Stopping in order; Ctrl-C again would not wait.")
            for care in cares:
                care.cancel()
            await asyncio.gather(*cares, return_exceptions=True)

    def _at_the_end(self, name: str, stop: Callable[[], Awaitable[None]]) -> None:
        async def take_down() -> None:
            steps = Steps(self._console)
            with steps.shown(), steps.step(name) as tell:
                tell("stopped")
                await stop()

        self._down.push_async_callback(take_down)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        # Two `sinergi down` are no impatience; two Ctrl-C are.
        loop.add_signal_handler(signal.SIGTERM, self._wish_to_stop.set)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)

    def _interrupt(self) -> None:
        if self._interrupted:
            # The watchdogs see our end and stop the servers.
            os._exit(_INTERRUPTED)
        self._interrupted = True
        self._wish_to_stop.set()


def _without_failure(answer: str | BaseException) -> str:
    if isinstance(answer, BaseException):
        raise answer
    return answer
