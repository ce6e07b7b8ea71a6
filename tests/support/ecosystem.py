"""Four services on databases and topics that no other test sees; started as far as wanted."""

import asyncio
import importlib
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
from fastapi import FastAPI
from starlette.routing import BaseRoute

from deploy.catalogue.listeners import listeners
from deploy.local.databases import Addresses
from deploy.local.parts import Parts
from deploy.local.services import ServicePart
from shared.access.actor import Actor, system
from shared.database import Database
from shared.events import STATES
from shared.settings import ServiceSettings
from shared.streams.kafka import ensure_topics
from shared.worker import Worker
from tests.support.databases import (
    SERVICES,
    Templates,
    addresses_of,
    clone,
    drop,
    superuser_url,
)
from tests.support.keyrings import keyring_file
from tests.support.removal import remove_topics
from tests.support.tokens import TestIssuer

PARTITIONS = 4

_numbers = itertools.count()
_routes: dict[str, list[BaseRoute]] = {}


@dataclass
class Ecosystem:
    """The four services of one test."""

    parts: Parts
    prefix: str
    addresses: dict[str, Addresses]
    issuer: TestIssuer
    _stack: AsyncExitStack
    _databases: dict[tuple[str, ServicePart], Database] = field(default_factory=dict)
    _apps: dict[str, FastAPI] = field(default_factory=dict)
    _questions: dict[str, "asyncpg.Pool[asyncpg.Record]"] = field(default_factory=dict)
    _topics: list[str] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        """The address of each service's database, as its api enters it."""
        return {service: address.app for service, address in self.addresses.items()}

    @property
    def worker_urls(self) -> dict[str, str]:
        """The same as its worker enters it."""
        return {service: address.worker for service, address in self.addresses.items()}

    def superuser_url(self, service: str) -> str:
        """The address of a service's database for what only a test may do."""
        return superuser_url(self.parts, urlsplit(self.urls[service]).path[1:])

    def settings(
        self, service: str, part: ServicePart = "api", /, **changes: object
    ) -> ServiceSettings:
        """The settings of a part of a service here."""
        module = importlib.import_module(f"services.{service}.settings")
        given: dict[str, Any] = {
            "environment": "development",
            "database_url": (self.urls if part == "api" else self.worker_urls)[service],
            "kafka": self.parts.kafka,
            "topic_prefix": self.prefix,
            "issuers": self.issuer.file,
            "keyring": keyring_file(),
        }
        settings: ServiceSettings = module.Settings(**given | changes)
        return settings

    def database(self, service: str, part: ServicePart = "api") -> Database:
        """The database of a service as a part of it enters it, closed with the test."""
        key = service, part
        if key not in self._databases:
            self._databases[key] = Database(self.settings(service, part).database_url)
            self._stack.push_async_callback(self._databases[key].close)
        return self._databases[key]

    def worker(self, service: str, **changes: object) -> Worker:
        """The worker of a service, not yet running."""
        module = importlib.import_module(f"services.{service}.worker")
        worker: Worker = module.create_worker(self.settings(service, "worker", **changes))
        return worker

    async def create_topics(self) -> None:
        """Create what these services say or hear, once; a thousand tests burden the broker."""
        if not self._topics:
            self._topics = [self.prefix + topic for topic in self._said_or_heard()]
            await ensure_topics(
                self.parts.kafka, self._topics, partitions=PARTITIONS, replication=1
            )
            self._stack.push_async_callback(remove_topics, self.parts.kafka, self._topics)

    def _said_or_heard(self) -> Iterator[str]:
        here = tuple(self.addresses)
        for state in STATES:
            heard = listeners(state, here)
            if heard.keep or heard.act or state.topic.partition(".")[0] in here:
                yield state.topic

    @asynccontextmanager
    async def working(self, *services: str) -> AsyncIterator[None]:
        """Run the workers of these services, or of all, for as long as the block."""
        await self.create_topics()
        async with AsyncExitStack() as workers:
            for service in services or SERVICES:
                await workers.enter_async_context(running(self.worker(service)))
            yield

    async def work(self, *services: str) -> None:
        """The same until the test ends."""
        await self._stack.enter_async_context(self.working(*services))

    async def client(
        self, service: str, persona: str | None = "operator", **changes: object
    ) -> httpx.AsyncClient:
        """A client of the service's real app, signed in as a persona or not at all."""
        app = await self._app(service, **changes)
        headers = {"Authorization": f"Bearer {self.issuer.token(persona)}"} if persona else {}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url=f"http://test/api/{service}/v1",
            headers=headers,
            timeout=30,
        )
        return await self._stack.enter_async_context(client)

    async def _app(self, service: str, **changes: object) -> FastAPI:
        """The service's app, started: the same for all clients that change no settings."""
        if not changes and service in self._apps:
            return self._apps[service]
        app = _app_of(service, self.settings(service, **changes))
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        if not changes:
            self._apps[service] = app
        return app

    async def rows(self, service: str, statement: str, *values: object) -> list[Any]:
        """What a statement finds in a service's database, whoever may see it."""
        if service not in self._questions:
            pool = asyncpg.create_pool(self.superuser_url(service), min_size=1, max_size=2)
            self._questions[service] = await self._stack.enter_async_context(pool)
        return list(await self._questions[service].fetch(statement, *values))

    @property
    def actor(self) -> Actor:
        """The service itself as an actor."""
        return system("test")


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """A worker at work; it must stop by itself when told."""
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 25)


@asynccontextmanager
async def fresh_ecosystem(
    parts: Parts,
    templates: Templates,
    services: tuple[str, ...] = SERVICES,
) -> AsyncIterator[Ecosystem]:
    """Clone the templates, and take all of it away afterwards; topics come when needed."""
    number = next(_numbers)
    names = {service: f"t{os.getpid()}_{number}_{service}" for service in services}
    prefix = f"t{os.getpid()}-{number}."
    await clone(parts, templates, names)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(partial(drop, parts, names))
        issuer = stack.enter_context(_issuer())
        addresses = {service: addresses_of(parts, service, name) for service, name in names.items()}
        yield Ecosystem(parts, prefix, addresses, issuer, stack)


def _app_of(service: str, settings: ServiceSettings) -> FastAPI:
    app: FastAPI = importlib.import_module(f"services.{service}.app").create_app(settings)
    # Routes know nothing of settings, and FastAPI takes a fifth of a second to work out those of an
    # app at its first request: every app of a service has those of the first.
    app.router.routes = _routes.setdefault(service, app.router.routes)
    return app


@contextmanager
def _issuer() -> Iterator[TestIssuer]:
    with TestIssuer() as issuer:
        yield issuer
