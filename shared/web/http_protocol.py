"""HTTP/1.1 on the wire, with bounds: a request's head is neither endless nor endlessly slow.

What cannot be parsed is refused with a problem like everything else, before any app sees it.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 32 * 1024
"""Bytes that the request line and the headers may have together."""
HEAD_DEADLINE = 15.0
"""Seconds from the opening of a connection, or a request's first byte, to the end of its head."""
KEEP_ALIVE = 75
"""Seconds; longer than a gateway keeps its own side open, so that it never meets a closed one."""
MOST_CONNECTIONS = 1_000
"""Connections, idle ones too, beyond which a request is answered 503 at once."""
ENDING = "sinergi.ending"
"""The extension of a request's scope that has an event, set when the server begins to end.

The lifespan is told only when every answer is out, too late for one that waits for news.
"""

_SAID = {
    HTTPStatus.BAD_REQUEST: ("/problems/malformed", "This is not a request in HTTP/1.1."),
    HTTPStatus.REQUEST_TIMEOUT: ("/problems/too-slow", "The head of the request came too slowly."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "/problems/head-too-large",
        f"The address and the headers have more than {HEAD_LIMIT} bytes together.",
    ),
}


class BoundedHttp(HttpToolsProtocol):
    """What uvicorn speaks HTTP with; `http=BoundedHttp`."""

    _head = 0
    _unfinished = True
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._ending = asyncio.Event()
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, but no more than a head may have before it is complete."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._unfinished and not self.transport.is_closing():
            # The parser keeps a header to itself until its line ends.
            self._head += len(data)
            if self._head > 2 * HEAD_LIMIT:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        """Hand the request over, unless its head is too large."""
        self._stop_waiting()
        self._unfinished = False
        length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if length > HEAD_LIMIT:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise ValueError
        self.scope["extensions"] = {ENDING: self._ending}  # type: ignore[dict-item]  # ours, no JSON
        super().on_headers_complete()

    def shutdown(self) -> None:
        """Answer what was asked, and nothing after it; tell what waits for news."""
        self._ending.set()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's own words, for nobody)
        """Refuse what the parser could not read."""
        if not self.transport.is_closing():
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _begin(self) -> None:
        self._stop_waiting()
        self._head, self._unfinished = 0, True
        self._timer = asyncio.get_running_loop().call_later(
            HEAD_DEADLINE, self._refuse, HTTPStatus.REQUEST_TIMEOUT
        )

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _refuse(self, status: HTTPStatus) -> None:
        kind, detail = _SAID[status]
        body: dict[str, Any] = {"type": kind, "title": status.phrase, "status": status.value}
        content = orjson.dumps(body | {"detail": detail})
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "content-type: application/problem+json\r\ncache-control: no-store\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()
