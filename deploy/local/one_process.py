"""Runs the four services and their workers inside this process; they speak through Kafka only."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

import structlog
from starlette.types import ASGIApp

from deploy.local.refusals import CannotStart
from deploy.local.services import Places, module
from shared import event_loop
from shared.health import answering
from shared.sentences import Spoken

_log = structlog.get_logger(__name__)


class OneProcess:
    """The usual way on a laptop: quick to start and small."""

    def __init__(self, places: Places, services: Sequence[str]) -> None:
        """Run these services with what is known of their places."""
        self._places = places
        self._services = services
        self._lifespans = AsyncExitStack()
        self._stop = asyncio.Event()
        self.workers: dict[str, ASGIApp] = {}
        self._workers: dict[asyncio.Task[None], str] = {}

    async def start(self) -> Mapping[str, ASGIApp]:
        """Enter each app's lifespan, which nobody else would, and start each worker."""
        apps = {}
        for name in self._services:
            app = module(name, "app").create_app(self._places.settings(name, "api"))
            await self._lifespans.enter_async_context(app.router.lifespan_context(app))
            apps[name] = app
            settings = self._places.settings(name, "worker")
            worker = module(name, "worker").create_worker(settings)
            self.workers[name] = answering(worker.health)
            self._workers[asyncio.create_task(worker.run(self._stop))] = name
        event_loop.keep_what_is_loaded()
        return apps

    async def watch(self) -> None:
        """Wait for a worker that ends although nobody told it to.

        Raises:
            CannotStart: one did; the others are of no use without it.

        """
        ended, _ = await asyncio.wait(self._workers, return_when=asyncio.FIRST_COMPLETED)
        task = ended.pop()
        reason = "nobody told it to"
        if not task.cancelled() and (error := task.exception()):
            _log.error("worker.failed", service=self._workers[task], exc_info=error)
            reason = str(error) if isinstance(error, Spoken) else type(error).__name__
        message = f"The worker of {self._workers[task]} ended by itself ({reason})."
        raise CannotStart(message)

    async def stop(self) -> None:
        """Let the workers finish what they have begun, then leave each app's lifespan."""
        self._stop.set()
        outcomes = await asyncio.gather(*self._workers, return_exceptions=True)
        for name, outcome in zip(self._workers.values(), outcomes, strict=True):
            if isinstance(outcome, BaseException):
                _log.error("worker.failed", service=name, exc_info=outcome)
        await self._lifespans.aclose()
