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

import asyncpg
import httpx
from fastapi import FastAPI

from deploy.local.parts import Parts
from shared.access.actor import Actor, system
from shared.database import Database
from shared.events import TOPICS
from shared.migrations import upgrade
from shared.settings import ServiceSettings
from shared.streams.kafka import ensure_topics
from shared.worker import Worker
from tests.support.tokens import ISSUER, TestIssuer

SERVICES = ("registry", "mentoring", "partners", "facilities")
PARTITIONS = 4

Templates = dict[str, str]
"""The name of the migrated database of each service."""

_numbers = itertools.count()


@dataclass
class Ecosystem:
    """The four services of one test."""

    parts: Parts
    prefix: str
    urls: dict[str, str]
    issuer: TestIssuer
    _stack: AsyncExitStack
    _databases: dict[str, Database] = field(default_factory=dict)
    _questions: dict[str, "asyncpg.Pool[asyncpg.Record]"] = field(default_factory=dict)

    def settings(self, service: str, **changes: object) -> ServiceSettings:
        """The settings of a service here."""
        module = importlib.import_module(f"services.{service}.settings")
        given: dict[str, Any] = {
            "environment": "development",
            "database_url": self.urls[service],
            "kafka": self.parts.kafka,
            "topic_prefix": self.prefix,
            "issuer": ISSUER,
            "jwks_url": self.issuer.jwks_url,
        }
        settings: ServiceSettings = module.Settings(**given | changes)
        return settings

    def database(self, service: str) -> Database:
        """The database of a service, closed with the test."""
        if service not in self._databases:
            self._databases[service] = Database(self.urls[service])
            self._stack.push_async_callback(self._databases[service].close)
        return self._databases[service]

    def worker(self, service: str, **changes: object) -> Worker:
        """The worker of a service, not yet running."""
        module = importlib.import_module(f"services.{service}.worker")
        worker: Worker = module.create_worker(self.settings(service, **changes))
        return worker

    async def work(self, *services: str) -> None:
        """Run the workers of these services, or of all, until the test ends."""
        for service in services or SERVICES:
            await self._stack.enter_async_context(running(self.worker(service)))

    async def client(
        self, service: str, persona: str | None = "operator", **changes: object
    ) -> httpx.AsyncClient:
        """A client of the service's real app, signed in as a persona or not at all."""
        module = importlib.import_module(f"services.{service}.app")
        app: FastAPI = module.create_app(self.settings(service, **changes))
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        headers = {"Authorization": f"Bearer {self.issuer.token(persona)}"} if persona else {}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url=f"http://test/api/{service}/v1",
            headers=headers,
            timeout=30,
        )
        return await self._stack.enter_async_context(client)

    async def rows(self, service: str, statement: str, *values: object) -> list[Any]:
        """What a statement finds in a service's database."""
        if service not in self._questions:
            pool = asyncpg.create_pool(self.urls[service], min_size=1, max_size=2)
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


def migrated_templates(parts: Parts) -> Templates:
    """Migrate one database per service."""
    names = {service: f"template_{service}_{os.getpid()}" for service in SERVICES}
    asyncio.run(_create(parts, [(name, None) for name in names.values()]))
    for service, name in names.items():
        upgrade(_address(parts, name), service)
    return names


@asynccontextmanager
async def fresh_ecosystem(
    parts: Parts,
    templates: Templates,
    services: tuple[str, ...] = SERVICES,
) -> AsyncIterator[Ecosystem]:
    """Clone the templates, create the topics, and take all of it away afterwards."""
    number = next(_numbers)
    names = {service: f"t{os.getpid()}_{number}_{service}" for service in services}
    prefix = f"t{os.getpid()}-{number}."
    await _create(parts, [(name, templates[service]) for service, name in names.items()])
    topics = [prefix + topic for topic in TOPICS]
    await ensure_topics(parts.kafka, topics, partitions=PARTITIONS, replication=1)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(partial(_drop, parts, list(names.values())))
        issuer = stack.enter_context(_issuer())
        urls = {service: _address(parts, name) for service, name in names.items()}
        yield Ecosystem(parts, prefix, urls, issuer, stack)


@contextmanager
def _issuer() -> Iterator[TestIssuer]:
    with TestIssuer() as issuer:
        yield issuer


def _address(parts: Parts, name: str) -> str:
    return parts.postgres_url.rsplit("/", 1)[0] + f"/{name}"


async def _create(parts: Parts, databases: list[tuple[str, str | None]]) -> None:
    connection = await asyncpg.connect(parts.postgres_url)
    try:
        for name, template in databases:
            source = f"TEMPLATE {template}" if template else ""
            await connection.execute(f"CREATE DATABASE {name} {source}")
    finally:
        await connection.close()


async def _drop(parts: Parts, names: list[str]) -> None:
    connection = await asyncpg.connect(parts.postgres_url)
    try:
        for name in names:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
