"""Leaving a broker over TLS: it is told, and whether it answers makes no difference."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final

from shared.streams.kafka import SecuredBrokers
from shared.streams.kafka.brokers import reach
from tests.support.certificates import Authority

_DEADLINE: Final = 20.0


@contextmanager
def silent_broker(authority: Authority) -> Iterator[tuple[int, Event, Future[bytes]]]:
    """One that keeps its end open until it is allowed to look; then it tells what it was sent."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.server("localhost"))
    allowed = Event()

    def serve() -> bytes:
        connection, _ = listening.accept()
        connection.settimeout(_DEADLINE)
        with context.wrap_socket(
            connection, server_side=True, suppress_ragged_eofs=False
        ) as secured:
            request = secured.recv(7)
            allowed.wait(_DEADLINE)
            return request + secured.recv(1)  # raises unless a goodbye ends it

    with socket.create_server(("localhost", 0)) as listening, ThreadPoolExecutor(1) as pool:
        listening.settimeout(_DEADLINE)
        told = pool.submit(serve)
        try:
            yield listening.getsockname()[1], allowed, told
        finally:
            allowed.set()


async def test_who_leaves_says_goodbye_and_does_not_wait_for_the_answer(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with silent_broker(authority) as (port, allowed, told):
        address = f"localhost:{port}"
        context = reach(SecuredBrokers(address, authority.file))["ssl_context"]
        _, writer = await asyncio.open_connection("localhost", port, ssl=context)
        writer.write(b"request")
        writer.close()

        await asyncio.wait_for(writer.wait_closed(), 5)
        assert not told.done()
        allowed.set()

        assert await asyncio.wrap_future(told) == b"request"
