"""Services as processes on servers of their own, and every place where they leave something."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

import httpx

from deploy.local.ports import free_ports
from deploy.local.services import ServicePart
from shared.events import TOPICS
from tests.authorization.world import World, a_world
from tests.faults.servers import Servers
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.otlp import Collector, collecting
from tests.support.processes import Program, environment_of
from tests.support.sentinels import OFFICE, Sentinel, found_in, found_in_files
from tests.support.topics import messages

_READY = 60.0
_TABLES = """
SELECT format('%I.%I', nspname, relname) AS name FROM pg_class
JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')
"""


@dataclass(frozen=True)
class Scene:
    """Some services at work since a moment; their logs are in a folder."""

    world: World
    servers: Servers
    collector: Collector
    folder: Path
    urls: dict[str, str]
    programs: dict[str, Program]
    words: Sequence[Sentinel]
    since: float

    @property
    def all_words(self) -> Sequence[Sentinel]:
        """What must not be where nobody looks into a row: an office's own texts neither."""
        return (*self.words, OFFICE)

    @property
    def ecosystem(self) -> Ecosystem:
        """The databases and topics."""
        return self.world.ecosystem

    def in_logs(self) -> Iterator[str]:
        """What is in the logs of the services and of the servers."""
        yield from found_in_files(self.folder, self.all_words)
        for log in (self.servers.postgres.folder, self.servers.kafka.folder):
            for file in log.glob("*.log"):
                yield from (
                    f"{what} in {file.name}" for what in found_in(file.read_bytes(), self.all_words)
                )

    def in_traces(self) -> Iterator[str]:
        """What was exported, as it came."""
        for body in self.collector.bodies:
            yield from (f"{what} in a trace" for what in found_in(body, self.all_words))

    def on_disk(self) -> Iterator[str]:
        """What is in any file that a server has written since: tables, indexes, WAL, topics."""
        yield from found_in_files(self.servers.postgres.folder, self.words, self.since)
        yield from found_in_files(self.servers.kafka.folder, self.all_words, self.since)

    async def in_rows(self) -> list[str]:
        """What is in any table, unpacked as only a query does it."""
        found = []
        for service in self.urls:
            for table in await self.ecosystem.rows(service, _TABLES):
                name = table["name"]
                rows = await self.ecosystem.rows(service, f"SELECT t::text FROM {name} AS t")  # noqa: S608 (the catalog's own names)
                text = "\n".join(row["t"] for row in rows)
                found += [
                    f"{what} in {service} {name}" for what in found_in(text.encode(), self.words)
                ]
        return found

    async def in_topics(self) -> list[str]:
        """What is on any topic, unpacked as only a consumer does it."""
        found = []
        for topic in TOPICS:
            for record in await messages(self.ecosystem, topic):
                headers = [part for name, said in record.headers for part in (name.encode(), said)]
                content = b"\n".join(filter(None, (record.key, record.value, *headers)))
                found += [f"{what} on {topic}" for what in found_in(content, self.all_words)]
        return found

    async def checkpoint(self) -> None:
        """Let PostgreSQL write to its files all that it has in memory."""
        await self.ecosystem.rows(next(iter(self.urls)), "CHECKPOINT")


@asynccontextmanager
async def scene(
    ecosystem: Ecosystem,
    servers: Servers,
    folder: Path,
    services: Mapping[str, Sequence[str]],
    words: Sequence[Sentinel],
) -> AsyncIterator[Scene]:
    """An api and a worker of each service, started by `python -m` with its words; they answer."""
    since = time.time() - 1
    world = await a_world(ecosystem)
    ports = dict(zip(services, free_ports(len(services)), strict=True))
    urls = {name: f"http://127.0.0.1:{port}/api/{name}/v1" for name, port in ports.items()}
    with collecting() as collector, ExitStack() as stack:
        programs = {}
        for name, port in ports.items():
            parts = {"api": ["api", "--port", str(port)], "worker": ["worker"]}
            for part in get_args(ServicePart):
                settings = ecosystem.settings(name, part, otlp_endpoint=collector.url)
                program = Program(
                    folder / f"{name}-{part}.log",
                    [*services[name], *parts[part]],
                    {"OTEL_BSP_SCHEDULE_DELAY": "100", **environment_of(settings)},
                )
                programs[program.name] = stack.enter_context(program)
        for url in urls.values():
            await eventually(partial(_answers, url), _READY)
        yield Scene(world, servers, collector, folder, urls, programs, words, since)


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            return (await client.get(url.removesuffix("v1") + "health/ready")).is_success
    except httpx.TransportError:
        return False
