"""How everything of ours is served over HTTP: within bounds, without a log of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import uvicorn

from shared.web.http_protocol import KEEP_ALIVE, MOST_CONNECTIONS, BoundedHttp

BOUNDED: Final[dict[str, Any]] = {
    "http": BoundedHttp,
    "proxy_headers": False,
    "server_header": False,
    "timeout_keep_alive": KEEP_ALIVE,
    "limit_concurrency": MOST_CONNECTIONS,
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
}
"""What uvicorn is told for every server."""
_PAUSE: Final = 0.02


class _Server(uvicorn.Server):
    """uvicorn without handlers of its own: whoever started it decides what a signal means."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def serving(
    config: uvicorn.Config, taken: socket.socket
) -> AsyncIterator["asyncio.Task[None]"]:
    """Answer at a socket that was bound before; gives the task that does it."""
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[taken]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(_PAUSE)
        yield task
    finally:
        server.should_exit = True
        await task
