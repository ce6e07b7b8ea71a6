"""What a step acts on: the services over HTTP, as anyone of the cast, and what was made so far."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import httpx

Thing = dict[str, Any]

_WITHIN_S: Final = 30.0
_PAUSE_S: Final = 0.1
_AWAY: Final = (502, 503, 504)
_COME_AGAIN: Final = (
    "/problems/not-yet-known",
    "/problems/too-early",
    "/problems/idempotency-key-in-use",
)


class WentWrong(Exception):
    """A service refused what the story asks for, or something did not happen in time."""


class Scene:
    """The services of one ecosystem; `token` gives a bearer token of a persona."""

    def __init__(
        self, client: httpx.AsyncClient, token: Callable[[str], str], within_s: float = _WITHIN_S
    ) -> None:
        """The client's base address is what stands before `/api`.

        `within_s` are the seconds in which what happens by itself must have happened, and in which
        a service that is away must be back.
        """
        self._client = client
        self._token = token
        self._within_s = within_s
        self.made: dict[str, Thing] = {}
        """What was made so far, under the names that the story gives."""

    async def make(self, who: str, what: str, path: str, body: Thing) -> Thing:
        """Create something and keep it under a name."""
        answer = await self._post(who, path, body)
        collection = path if answer.get("id") else path.rpartition("/")[0]
        self.made[what] = answer | {"path": f"{collection}/{answer.get('id', '')}"}
        return answer

    async def look(self, who: str, path: str) -> Thing:
        """Read something."""
        return _told(await self._until_taken(who, "GET", path))

    async def ask(self, who: str, path: str, body: Thing) -> Thing:
        """Post a question, or a wish that makes nothing."""
        return await self._post(who, path, body)

    async def act(self, who: str, path: str, verb: str, body: Thing | None = None) -> Thing:
        """Change something as a front end does: read it, then name the version that was read."""
        version = (await self._until_taken(who, "GET", path)).headers["ETag"]
        told = await self._post(who, f"{path}/{verb}", body, {"If-Match": version})
        return told or await self.look(who, path)

    async def until(self, who: str, path: str, true: Callable[[Thing], bool]) -> Thing:
        """Look until something is true that another service brings about.

        Raises WentWrong when it never is.
        """
        deadline = time.monotonic() + self._within_s
        while True:
            answer = await self._send(who, "GET", path)
            if answer.is_success and true(answer.json()):
                seen: Thing = answer.json()
                return seen
            if time.monotonic() > deadline:
                raise WentWrong(f"{path} did not become what it should: {answer.text[:500]}")
            await asyncio.sleep(_PAUSE_S)

    async def _post(
        self, who: str, path: str, body: Thing | None, headers: dict[str, str] | None = None
    ) -> Thing:
        headers = {"Idempotency-Key": str(uuid4()), **(headers or {})}
        answer = await self._until_taken(who, "POST", path, body, headers)
        made = answer.headers.get("Location")
        if made and not answer.content:
            # It had been done already, and the answer was lost on its way to us.
            return await self.look(who, made.removeprefix("/api/").replace("/v1/", "/", 1))
        return _told(answer)

    async def _until_taken(
        self,
        who: str,
        method: str,
        path: str,
        body: Thing | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send the very same until it is taken; a service may be away, or not know it all yet."""
        deadline = time.monotonic() + self._within_s
        while not (answer := await self._send(who, method, path, body, headers)).is_success:
            if not _comes_again(answer) or time.monotonic() > deadline:
                raise WentWrong(f"{method} {path} as {who}: {answer.status_code} {answer.text}")
            await asyncio.sleep(_PAUSE_S)
        return answer

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
            return httpx.Response(503, text=type(failure).__name__)


def _comes_again(answer: httpx.Response) -> bool:
    return answer.status_code in _AWAY or answer.json().get("type") in _COME_AGAIN


def _told(answer: httpx.Response) -> Thing:
    told: Thing = answer.json() if answer.content else {}
    return told
