"""What a step acts on: the services over HTTP, as anyone of the cast, and what was made so far."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import httpx

Thing = dict[str, Any]

_WITHIN: Final = 30.0
"""Seconds until something that happens by itself must have happened."""
_PAUSE: Final = 0.1
_COME_AGAIN: Final = ("/problems/not-yet-known", "/problems/too-early", "/problems/unavailable")


class WentWrong(Exception):
    """A service refused what the story asks for, or something did not happen in time."""


class Scene:
    """The services of one ecosystem; `token` gives a bearer token of a persona."""

    def __init__(self, client: httpx.AsyncClient, token: Callable[[str], str]) -> None:
        """The client's base address is what stands before `/api`."""
        self._client = client
        self._token = token
        self.made: dict[str, Thing] = {}
        """What was made so far, under the names that the story gives."""

    async def make(self, who: str, what: str, path: str, body: Thing) -> Thing:
        """Create something and keep it under a name."""
        answer = await self._until_taken(who, "POST", path, body)
        collection = path if answer.get("id") else path.rpartition("/")[0]
        self.made[what] = answer | {"path": f"{collection}/{answer.get('id', '')}"}
        return answer

    async def look(self, who: str, path: str) -> Thing:
        """Read something."""
        return await self._until_taken(who, "GET", path)

    async def ask(self, who: str, path: str, body: Thing) -> Thing:
        """Post a question, or a wish that makes nothing."""
        return await self._until_taken(who, "POST", path, body)

    async def act(self, who: str, path: str, verb: str, body: Thing | None = None) -> Thing:
        """Change something as a front end does: read it, then name the version that was read."""
        return await self._until_taken(who, "POST", f"{path}/{verb}", body, versioned=path)

    async def until(self, who: str, path: str, true: Callable[[Thing], bool]) -> Thing:
        """Look until something is true that another service brings about.

        Raises WentWrong when it never is.
        """
        deadline = time.monotonic() + _WITHIN
        while True:
            answer = await self._send(who, "GET", path)
            if answer.is_success and true(answer.json()):
                seen: Thing = answer.json()
                return seen
            if time.monotonic() > deadline:
                raise WentWrong(f"{path} did not become what it should: {answer.text[:500]}")
            await asyncio.sleep(_PAUSE)

    async def _until_taken(
        self,
        who: str,
        method: str,
        path: str,
        body: Thing | None = None,
        *,
        versioned: str | None = None,
    ) -> Thing:
        deadline, key = time.monotonic() + _WITHIN, str(uuid4())
        while True:
            headers = {"Idempotency-Key": key} if method == "POST" else {}
            if versioned:
                headers["If-Match"] = (await self._send(who, "GET", versioned)).headers["etag"]
            answer = await self._send(who, method, path, body, headers)
            if answer.is_success:
                taken: Thing = answer.json() if answer.content else {}
                return taken
            again = answer.json().get("type") in _COME_AGAIN
            if not again or time.monotonic() > deadline:
                raise WentWrong(f"{method} {path} as {who}: {answer.status_code} {answer.text}")
            await asyncio.sleep(_PAUSE)

    async def _send(
        self,
        who: str,
        method: str,
        path: str,
        body: Thing | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        service, _, rest = path.partition("/")
        authorization = {"Authorization": f"Bearer {self._token(who)}"}
        try:
            return await self._client.request(
                method,
                f"/api/{service}/v1/{rest}",
                json=body,
                headers={**authorization, **(headers or {})},
            )
        except httpx.TransportError as failure:
            return httpx.Response(
                503, json={"type": "/problems/unavailable", "title": type(failure).__name__}
            )
