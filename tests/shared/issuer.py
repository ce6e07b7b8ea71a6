"""A small real issuer: ES256 keys, their JWK set over HTTP on a free port, and ways to fail."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://issuer.example/sinergi"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Issuer:
    """Signs whatever a test wants signed, and serves its keys."""

    def __init__(self) -> None:
        self.key = new_key("first")
        self.requests = 0
        self.answer: Answer = self.answer_with_keys
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def jwks_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/jwks"

    def token(self, header: dict[str, Any] | None = None, **changes: Any) -> str:  # noqa: ANN401
        """Sign a good token, but for the changes; a claim changed to None is left out."""
        return jwt.encode(
            {"alg": "ES256", "kid": self.key.kid} | (header or {}), claims(**changes), self.key
        )

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for connection in self._open:
            connection.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def answer_with_keys(self, writer: asyncio.StreamWriter) -> None:
        await respond(writer, json.dumps({"keys": [self.key.as_dict(private=False)]}).encode())

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests += 1
        connection = asyncio.create_task(self._serve(reader, writer))
        self._open.add(connection)
        connection.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await self.answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def running_issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    await issuer.start()
    try:
        yield issuer
    finally:
        await issuer.stop()


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "sub": "desk-1",
        "aud": "sinergi",
        "iat": now,
        "exp": now + 600,
        "jti": "one",
        "grants": [{"role": "ministry", "scope": "nation"}],
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


async def respond(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK") -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
