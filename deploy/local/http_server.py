"""Answers HTTP on one address, from a port that was taken before anything else was started."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from deploy.local.ports import HOST
from deploy.local.refusals import CannotStart
from shared.web.http_protocol import KEEP_ALIVE, MOST_CONNECTIONS, BoundedHttp

_GRACE_S = 10
_PAUSE_S = 0.02


def reserve(port: int) -> socket.socket:
    """Take the port now, so that a taken one is noticed before anything was started.

    Raises:
        CannotStart: another program has it, or the system does not let us have it.

    """
    # Named as TCP, or asyncio would leave Nagle's pause in every answer.
    taken = socket.socket(proto=socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        # Bound is not enough: without listening, two sockets with SO_REUSEADDR share a port.
        taken.listen()
    except OSError as failure:
        taken.close()
        raise CannotStart(_why_not(port, failure)) from None
    return taken


def _why_not(port: int, failure: OSError) -> str:
    if failure.errno == errno.EADDRINUSE:
        other = port + 1 if port < 2**16 - 1 else port - 1
        what = f"Port {port} is taken by another program"
        return f"{what}; SINERGI_PORT={other} would choose another."
    return f"The system does not let us listen on port {port}: {failure.strerror}."


class _Server(uvicorn.Server):
    """uvicorn, without handlers of its own: the launcher decides what a signal means."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def serving(app: ASGIApp, taken: socket.socket) -> AsyncIterator["asyncio.Task[None]"]:
    """Answer with the app on the port that was taken; gives the task that does it."""
    server = _Server(
        uvicorn.Config(
            app,
            http=BoundedHttp,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            limit_concurrency=MOST_CONNECTIONS,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[taken]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(_PAUSE_S)
        yield task
    finally:
        server.should_exit = True
        await task
