"""Sends a person's data to every operation of a service, and looks at each answer."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from shared.access.actor import Role
from tests.authorization.cells import RECIPES
from tests.faults.sentinel_requests import Sent, requests
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
    public: Collection[str] = ("trade_name",)
    only: Collection[str] = ()
    done: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    count: int = 0

    async def over(self, service: str, spoil: str = "") -> None:
        """Ask for each operation of a service, after spoiling its database by a statement."""
        world, url = self.stage.world, self.stage.urls[service]
        recipes = RECIPES[service]
        names = [name for name in recipes if not self.only or name in self.only]
        calls = {name: await recipes[name](world, world.here) for name in names}
        if spoil:
            await world.ecosystem.rows(service, spoil)
        headers = {"Authorization": f"Bearer {self._token()}"}
        # The server ends a connection on which it met a fault.
        anew = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=30, limits=anew
        ) as client:
            document = (await client.get(f"{url.removesuffix('/v1')}/openapi.json")).json()
            for name, call in calls.items():
                operation = Operation.of(document, name)
                good, *wanted = requests(operation, call, self.words, self.public)
                await self._send(client, f"{service} {name}", good)
                for first in range(0, len(wanted), _AT_ONCE):
                    some = wanted[first : first + _AT_ONCE]
                    sending = (self._send(client, f"{service} {name}", each) for each in some)
                    await asyncio.gather(*sending)

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
            self.leaks += [
                f"{operation}, {sent.name}: {what}"
                for what in sorted(found_in(told, self.stage.words))
            ]

    def _token(self) -> str:
        """Of somebody who may do everything everywhere, so that nothing ends at the door."""
        grants = [{"role": role.value, "scope": "nation"} for role in Role]
        world = self.stage.world
        return world.ecosystem.issuer.token("sweeper", grants, world.here.owner)
