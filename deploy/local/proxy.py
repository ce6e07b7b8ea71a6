"""Passes requests on to a service in another process, streaming both ways, with deadlines."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

import httpx
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from deploy.local.body_limits import Limit
from shared.refusals import TooLarge
from shared.web.http_protocol import ENDING
from shared.web.problems import problem, refused
from shared.web.slow_bodies import GRACE, SLOWEST

_CONNECT_S = 2.0
_SILENCE_S = 60.0
_CONNECTIONS = 400
_LAST_S = 1.0
"""How long a question may still wait for its answer when the front ends."""
_PIECE_S = 10.0
"""A client that sends nothing for so long has stalled."""
_SMALL = 1_000_000
"""Bytes of a body that are taken in before the service is asked for a connection."""
# They describe one connection and must not travel to the next (RFC 9110, 7.6.1); date and server
# are ours to say.
_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization",
    "te", "trailer", "transfer-encoding", "upgrade", "date", "server",
})  # fmt: skip


class Proxy:
    """An ASGI app that is really a service at another address."""

    def __init__(self, address: str, limit: Limit | None = None) -> None:
        """Pass on to `http://host:port` what is not larger than the limit, if one is known."""
        self._address = address
        self._limit = limit
        self._client = httpx.AsyncClient(
            trust_env=False,
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=5),
            timeout=httpx.Timeout(_SILENCE_S, connect=_CONNECT_S, pool=_CONNECT_S),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the service does, or say that it cannot be reached."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        if self._is_too_large(request):
            sentence = "The body has more bytes than this operation takes."
            await refused(request, TooLarge(sentence))(scope, receive, send)
            return
        try:
            response = await self._asked(request)
        except ClientDisconnect:
            return
        except (_TooSlow, _Ending, httpx.HTTPError) as failure:
            await _refusal(failure)(scope, receive, send)
            return
        answer = StreamingResponse(response.aiter_raw(), status_code=response.status_code)
        answer.raw_headers = _kept(response.headers.raw)
        try:
            await answer(scope, receive, send)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the connections to the service."""
        await self._client.aclose()

    def _is_too_large(self, request: Request) -> bool:
        """Whether the client itself says so; httpx would send all of it before it listens."""
        length = int(request.headers.get("content-length", "0"))
        return self._limit is not None and length > self._limit(request.method, request.url.path)

    async def _asked(self, request: Request) -> httpx.Response:
        upload = _Upload(request)
        passed_on = self._passed_on(request, await upload.begun())
        sending = asyncio.create_task(self._client.send(passed_on, stream=True))
        leaving = asyncio.create_task(upload.abandoned())
        ending = asyncio.create_task(_ended(request))
        try:
            tasks = (sending, leaving, ending)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                return sending.result()
            raise _Ending if ending.done() else ClientDisconnect
        finally:
            for task in (sending, leaving, ending):
                task.cancel()

    def _passed_on(self, request: Request, body: bytes | AsyncIterator[bytes]) -> httpx.Request:
        path = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        headers = _kept(request.headers.raw)
        has_body = {"content-length", "transfer-encoding"} & set(request.headers)
        return self._client.build_request(
            request.method,
            f"{self._address}{path}{'?' + query if query else ''}",
            headers=headers,
            content=body if has_body else None,
        )


class _Ending(Exception):
    """The front ends, and what was asked can be asked again."""


async def _ended(request: Request) -> None:
    """Wait until the front ends and a little longer; for ever when the request changes something.

    The service behind is not told of our end, so a question that waits for news would keep us.
    """
    ending = request.scope.get("extensions", {}).get(ENDING) or asyncio.Event()
    await (ending if request.method == "GET" else asyncio.Event()).wait()
    await asyncio.sleep(_LAST_S)


class _TooSlow(Exception):
    """The client has stalled, or sends so slowly that it keeps others waiting."""


class _Upload:
    """A client's body, which must keep coming: its connection to the service is not its own."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._pieces = request.stream()
        self._waited = 0.0
        self._arrived = 0
        self._whole = asyncio.Event()

    async def begun(self) -> bytes | AsyncIterator[bytes]:
        """Wait for the body when it is small, for its beginning when it is not."""
        first = b""
        async for piece in self._timely():
            first += piece
            if len(first) > _SMALL:
                return self._from(first)
        return first

    async def abandoned(self) -> None:
        """Wait until the client leaves although it has sent everything."""
        await self._whole.wait()
        await self._request.receive()

    async def _from(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        async for piece in self._timely():
            yield piece

    async def _timely(self) -> AsyncIterator[bytes]:
        while (piece := await self._next()) is not None:
            yield piece
        self._whole.set()

    async def _next(self) -> bytes | None:
        # Only the waiting counts: that the service takes its time is not the client's fault.
        left = GRACE + self._arrived / SLOWEST - self._waited
        started = time.monotonic()
        try:
            async with asyncio.timeout(min(_PIECE_S, left)):
                piece = await anext(self._pieces, None)
        except TimeoutError:
            raise _TooSlow from None
        self._waited += time.monotonic() - started
        self._arrived += len(piece or b"")
        return piece


def _refusal(failure: Exception) -> Response:
    match failure:
        case _TooSlow():
            detail = "The body came too slowly. Send it again."
            return problem(408, "Request Timeout", kind="/problems/too-slow", detail=detail)
        case _Ending():
            detail = "The ecosystem is being stopped. Ask again when it is up."
            return problem(503, "Unavailable", detail=detail, headers={"retry-after": "5"})
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            detail = "The service is not running or is still starting."
            return problem(503, "Unavailable", detail=detail, headers={"retry-after": "1"})
        case _:
            detail = "The service broke off or did not answer in time."
            return problem(502, "Bad gateway", detail=detail)


def _kept(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.decode("latin-1").lower() not in _HOP]
