"""Answers HTTP on one address, from a port that was taken before anything else was started."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from deploy.local.ports import HOST
from deploy.local.refusals import CannotStart
from shared.web.serving import BOUNDED
from shared.web.serving import serving as served

_GRACE_S = 10


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


@asynccontextmanager
async def serving(app: ASGIApp, taken: socket.socket) -> AsyncIterator["asyncio.Task[None]"]:
    """Answer with the app on the port that was taken; gives the task that does it."""
    config = uvicorn.Config(app, lifespan="off", timeout_graceful_shutdown=_GRACE_S, **BOUNDED)
    async with served(config, taken) as task:
        yield task
