"""Sends a person's data to every operation of a service, and looks at each answer."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from shared.access.actor import Role
from tests.authorization.call import Call
from tests.authorization.cells import RECIPES
from tests.faults.sentinel_requests import PUBLIC, Asking, Sent
from tests.faults.sentinel_scene import Scene
from tests.hostile.walk import Operation
from tests.support.sentinels import SENTINELS, Sentinel, found_in

_AT_ONCE: Final = 6
_REVEALING: Final = "reveal"
"""In the name of an operation whose very purpose is to show what is hidden elsewhere."""


@dataclass
class Sweep:
    """What came of it: which operations succeeded, which did not, and which told of the person."""

    stage: Scene
    words: Sequence[Sentinel] = SENTINELS
    spared: Collection[str] = PUBLIC
    thorough: bool = True
    done: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    count: int = 0
    _documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    _in_full: set[str] = field(default_factory=set)

    async def over(self, service: str) -> None:
        """Ask for each operation of a service."""
        async with self._client(service) as client:
            for name in RECIPES[service]:
                call = await RECIPES[service][name](self.stage.world, self.stage.world.here)
                await self._ask(client, service, name, call)

    async def over_spoilt(self, service: str, names: Collection[str], spoil: str) -> None:
        """Ask for some operations, or all, after a statement has spoilt the service's database."""
        world, recipes = self.stage.world, RECIPES[service]
        calls = {name: await recipes[name](world, world.here) for name in names or recipes}
        await world.ecosystem.rows(service, spoil)
        async with self._client(service) as client:
            for name, call in calls.items():
                await self._ask(client, service, name, call)

    async def _ask(self, client: httpx.AsyncClient, service: str, name: str, call: Call) -> None:
        operation = Operation.of(await self._document(client, service), name)
        asking = Asking(name, operation, call, self.spared)
        # Most is wrong in the same way with every operation: one of each service is asked in full.
        once = self.words[:1] if self.thorough else ()
        anyhow = once if service in self._in_full else self.words
        if call.json is not None:
            self._in_full.add(service)
        good, *others = asking.requests(self.words, anyhow)
        await self._send(client, f"{service} {name}", good)
        for first in range(0, len(others), _AT_ONCE):
            some = others[first : first + _AT_ONCE]
            await asyncio.gather(*(self._send(client, f"{service} {name}", s) for s in some))

    async def _document(self, client: httpx.AsyncClient, service: str) -> dict[str, Any]:
        if service not in self._documents:
            address = f"{self.stage.urls[service].removesuffix('/v1')}/openapi.json"
            self._documents[service] = (await client.get(address)).json()
        return self._documents[service]

    def _client(self, service: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self._token()}"}
        # The server ends a connection on which it met a fault.
        anew = httpx.Limits(max_keepalive_connections=0)
        url = self.stage.urls[service]
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=30, limits=anew)

    async def _send(self, client: httpx.AsyncClient, operation: str, sent: Sent) -> None:
        headers = [
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in sent.headers.items()
        ]
        answer = await client.request(sent.method, sent.path, headers=headers, content=sent.content)
        self.count += 1
        if sent.good and answer.is_success:
            self.done.add(operation)
        elif sent.good or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self.failed.append(f"{operation}, {sent.name}: {answer.status_code} {answer.text}")
        told = b"".join((*(n + v for n, v in answer.headers.raw), answer.content))
        if not (_REVEALING in operation and answer.is_success):
            words = self.stage.words if answer.is_success else self.stage.all_words
            self.leaks += [f"{operation}, {sent.name}: {what}" for what in found_in(told, words)]

    def _token(self) -> str:
        """Of somebody who may do everything everywhere, so that nothing ends at the door."""
        grants = [{"role": role.value, "scope": "nation"} for role in Role]
        world = self.stage.world
        return world.ecosystem.issuer.token("sweeper", grants, world.here.owner)
