"""What runs beside a service's HTTP side: relay, sealer, copies, reactions, redriver, imports."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from shared.audit.sealer import Sealer
from shared.database import Database
from shared.events.state import State
from shared.health import Health
from shared.settings import ServiceSettings
from shared.streams.catching_up import CatchingUp
from shared.streams.copies import Copy
from shared.streams.reactions import Listener, Reaction
from shared.streams.redrive import Redriver
from shared.streams.relay import Relay
from shared.telemetry.metrics import exported
from shared.watch import Watch
from shared.web.forgetting import ForgetsKeys

log = structlog.get_logger(__name__)

DRAIN_DEADLINE = 20.0
"""Seconds from the wish to stop until what still runs is cancelled."""

Task = Callable[[asyncio.Event], Awaitable[None]]


class TaskEnded(Exception):
    """A task that should run for as long as its worker ended without being told to."""


class Worker:
    """Tasks that run until they are told to stop, and what to close after them."""

    def __init__(
        self,
        service: str,
        tasks: Sequence[Task],
        close: Sequence[Callable[[], Awaitable[None]]],
        health: Health | None = None,
    ) -> None:
        self.health = health or Health()
        self._service = service
        self._tasks = tasks
        self._close = close

    async def run(self, stop: asyncio.Event) -> None:
        """Run all tasks; return when `stop` was set and they have drained.

        A task that ends by itself is a fault: the others are stopped and its error is raised.
        """
        running = [asyncio.create_task(self._watch(task, stop)) for task in self._tasks]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            _, late = await asyncio.wait(running, timeout=DRAIN_DEADLINE)
            for task in late:
                task.cancel()
            results = await asyncio.gather(*running, return_exceptions=True)
        finally:
            stop.set()
            for task in running:
                task.cancel()
            for close in self._close:
                await close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _watch(self, task: Task, stop: asyncio.Event) -> None:
        try:
            await task(stop)
        except asyncio.CancelledError:
            if stop.is_set():
                raise
        if not stop.is_set():
            log.error("worker.task_ended", service=self._service)
            raise TaskEnded(self._service)


def compose(
    settings: ServiceSettings,
    *,
    copies: Sequence[Copy[Any]] = (),
    reactions: Mapping[type[State], Reaction] | None = None,
    also: Sequence[Callable[[Database], Task]] = (),
) -> Worker:
    """The worker of a service: its relay, its sealer, its listener, and what else it does."""
    database = Database(settings.database_url, pool_size=5)
    relay = Relay(
        settings.database_url,
        settings.brokers,
        service=settings.service,
        prefix=settings.topic_prefix,
    )
    sealer = Sealer(database, settings.service)
    tasks = [relay.run, sealer.run, ForgetsKeys(database).run, *(task(database) for task in also)]
    listener = catching_up = None
    if copies:
        listener = Listener(
            database,
            settings.brokers,
            group=settings.service,
            copies=copies,
            reactions=reactions,
            prefix=settings.topic_prefix,
        )
        tasks += [listener.run, Redriver(database, listener.hearing).run]
        catching_up = CatchingUp(database, listener)
        tasks.append(catching_up.run)
    if exported():
        tasks.append(Watch(settings.service, settings.database_url, listener).run)
    health = Health(relay, listener, catching_up)
    return Worker(settings.service, tasks, [database.close], health)
