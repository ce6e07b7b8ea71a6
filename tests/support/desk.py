"""A desk that registers and renames, over and over, and writes down what was acknowledged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from tests.support.builders import an_enterprise
from tests.support.ecosystem import Ecosystem

_AGAIN = 0.05
_PAUSE = 0.05
_TEMPORARY = (409, 503)
"""Another attempt under the same key is still at work; a part is missing for a moment."""


class Acknowledged(NamedTuple):
    """A write that was answered: which enterprise, at which version, under which name."""

    key: str
    seq: int
    trade_name: str


class Desk:
    """A client of the registry that asks again, under the same key, until it is answered."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.journal: list[Acknowledged] = []
        self.put_off: list[int] = []
        """The answers that only said to come again; 0 stands for a broken connection."""

    async def work(self, stop: asyncio.Event) -> None:
        """Register an enterprise and rename it twice, over and over until `stop` is set."""
        while not stop.is_set():
            name = f"Warung {uuid4().hex[:12]}"
            answer = await self.ask("POST", "/enterprises", json=an_enterprise(trade_name=name))
            path = answer.headers["Location"].removeprefix(self._client.base_url.path[:-1])
            version = self._note(path, answer, name)
            for number in (2, 3):
                name = f"{name} {number}"
                change = {"trade_name": name}
                seen = {"If-Match": version}
                answer = await self.ask("PATCH", path, json=change, headers=seen)
                version = self._note(path, answer, name)
            await asyncio.sleep(_PAUSE)

    def _note(self, path: str, answer: httpx.Response, name: str) -> str:
        version = answer.headers["ETag"]
        key = path.rpartition("/")[2]
        self.journal.append(Acknowledged(key, int(version.strip('"')), name))
        return version

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own arguments)
        """Send a request as often as it takes; fail on an answer that is none of the expected."""
        request = self._client.build_request(method, path, **given)
        request.headers["Idempotency-Key"] = str(uuid4())
        while True:
            status = await self._try(request)
            if isinstance(status, httpx.Response):
                return status
            self.put_off.append(status)
            await asyncio.sleep(_AGAIN)

    async def _try(self, request: httpx.Request) -> httpx.Response | int:
        try:
            answer = await self._client.send(request)
        except httpx.TransportError:
            return 0
        if answer.is_success:
            return answer
        assert answer.status_code in _TEMPORARY, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        return answer.status_code


@asynccontextmanager
async def desks_at_work(
    ecosystem: Ecosystem, url: str, count: int = 3
) -> AsyncIterator[list[Desk]]:
    """Several desks at work on the registry at an address, for as long as the block."""
    headers = {"Authorization": f"Bearer {ecosystem.issuer.token('operator')}"}
    stop = asyncio.Event()
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=15) as client:
        desks = [Desk(client) for _ in range(count)]
        async with asyncio.TaskGroup() as working:
            for desk in desks:
                working.create_task(desk.work(stop))
            yield desks
            stop.set()


def acknowledged(desks: list[Desk]) -> int:
    """How many writes were answered."""
    return sum(len(desk.journal) for desk in desks)


async def answered(desks: list[Desk]) -> bool:
    """Whether any write was."""
    return acknowledged(desks) > 0
