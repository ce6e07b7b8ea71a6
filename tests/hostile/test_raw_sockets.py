"""Bytes on the wire that are no request, or a strange one: a plain refusal, and life goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from shared.web.http_protocol import HEAD_LIMIT
from tests.hostile.served import served
from tests.support.ecosystem import Ecosystem

PATH = "/api/registry/v1/enterprises"
ANSWER_DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Wire:
    """A running registry, and a token that it believes."""

    port: int
    token: str

    @property
    def head(self) -> str:
        """The lines that every decent request has."""
        return f"Host: x\r\nAuthorization: Bearer {self.token}\r\n"

    def post(self, headers: str, body: str = "") -> bytes:
        """A registration with these headers besides the decent ones."""
        return f"POST {PATH} HTTP/1.1\r\n{self.head}{headers}\r\n{body}".encode("latin-1")

    async def send(self, request: bytes, *, then_leave: bool = True) -> bytes:
        """Send bytes, then nothing more; return everything that came back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(ANSWER_DEADLINE):
                writer.write(request)
                if then_leave:
                    writer.write_eof()
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@pytest.fixture
async def wire(registry: Ecosystem) -> AsyncIterator[Wire]:
    """The registry on a real port, which is well at the end."""
    token = registry.issuer.token("operator")
    async with served(registry, "registry") as port:
        yield Wire(port, token)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/api/registry/health/ready")).status_code == 204
            headers = {"Authorization": f"Bearer {token}"}
            assert (await client.get(PATH, headers=headers)).status_code == 200


JSON = "Content-Type: application/json\r\n"
CHUNKED = f"{JSON}Transfer-Encoding: chunked\r\n"
LARGE = "x" * (HEAD_LIMIT + 1)

POSTS = {
    "two lengths": f"{JSON}Content-Length: 2\r\nContent-Length: 3\r\n\n{{}}",
    "a length and chunks": f"{CHUNKED}Content-Length: 2\r\n\n2\r\n{{}}\r\n0\r\n\r\n",
    "a negative length": f"{JSON}Content-Length: -1\r\n\n",
    "a length of words": f"{JSON}Content-Length: many\r\n\n",
    "a length with a plus": f"{JSON}Content-Length: +2\r\n\n{{}}",
    "a length beyond counting": f"{JSON}Content-Length: {'9' * 40}\r\n\n{{}}",
    "chunks of no number": f"{CHUNKED}\nZZ\r\n{{}}\r\n0\r\n\r\n",
    "an endless chunk": f"{CHUNKED}\nffffffffffffffff1\r\n{{}}\r\n0\r\n\r\n",
    "a coding twice": f"{JSON}Transfer-Encoding: chunked, chunked\r\n\n0\r\n\r\n",
    "an unknown coding": f"{JSON}Transfer-Encoding: xchunked\r\n\n0\r\n\r\n",
    "a packed body": f"{JSON}Content-Encoding: gzip\r\nContent-Length: 2\r\n\n{{}}",
    "no media type": "Content-Length: 2\r\n\n{}",
    "another media type": "Content-Type: text/xml\r\nContent-Length: 4\r\n\n<a/>",
    "another charset": "Content-Type: application/json; charset=utf-7\r\nContent-Length: 2\r\n\n{}",
    "a form without its boundary": "Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\nx",
    "a folded header": f"{JSON}X-Long: one\r\n two\r\nContent-Length: 2\r\n\n{{}}",
    "a space before the colon": f"{JSON}Content-Length : 2\r\n\n{{}}",
    "a header without a name": f"{JSON}: nothing\r\nContent-Length: 2\r\n\n{{}}",
    "a zero byte in a header": f"{JSON}X-Zero: a\0b\r\nContent-Length: 2\r\n\n{{}}",
    "a bare line feed": f"{JSON}X-Feed: a\nb\r\nContent-Length: 2\r\n\n{{}}",
    "a large header": f"{JSON}X-Large: {LARGE}\r\nContent-Length: 2\r\n\n{{}}",
    "many headers": JSON + "".join(f"X-{n}: {n}\r\n" for n in range(5_000)) + "\n",
    "two tokens": f"Authorization: Bearer other\r\n{JSON}Content-Length: 2\r\n\n{{}}",
    "a key beyond its length": f"Idempotency-Key: {'k' * 300}\r\n{JSON}Content-Length: 2\r\n\n{{}}",
    "a key of bytes": f"Idempotency-Key: caf\xe9\r\n{JSON}Content-Length: 2\r\n\n{{}}",
    "an expectation nobody knows": f"Expect: wonders\r\n{JSON}Content-Length: 2\r\n\n{{}}",
    "half a body": f"{JSON}Content-Length: 100\r\n\n{{",
    "no body": f"{JSON}Content-Length: 100\r\n\n",
}

LINES = {
    "no method": f"{PATH} HTTP/1.1\r\n",
    "a method in small letters": f"get {PATH} HTTP/1.1\r\n",
    "a method nobody knows": f"WONDER {PATH} HTTP/1.1\r\n",
    "trace": f"TRACE {PATH} HTTP/1.1\r\n",
    "connect": "CONNECT example.org:443 HTTP/1.1\r\n",
    "http 0.9": f"GET {PATH}\r\n",
    "http 2 in words": f"GET {PATH} HTTP/2.0\r\n",
    "http 9.9": f"GET {PATH} HTTP/9.9\r\n",
    "the preface of http 2": "PRI * HTTP/2.0\r\n\r\nSM\r\n",
    "the whole server": "OPTIONS * HTTP/1.1\r\n",
    "a large address": f"GET {PATH}?name={LARGE} HTTP/1.1\r\n",
    "an address of bytes": f"GET {PATH}/caf\xe9 HTTP/1.1\r\n",
    "a broken escape": f"GET {PATH}?name=%zz%f HTTP/1.1\r\n",
    "an escape that is no text": f"GET {PATH}?name=%ff%fe HTTP/1.1\r\n",
    "an escaped zero": f"GET {PATH}/%00 HTTP/1.1\r\n",
    "a path that climbs": f"GET {PATH}/../../../../etc/passwd HTTP/1.1\r\n",
    "an escaped path that climbs": f"GET {PATH}/%2e%2e%2f%2e%2e%2fetc HTTP/1.1\r\n",
    "two slashes": f"GET /{PATH} HTTP/1.1\r\n",
    "nothing at all": "",
    "a handshake of tls": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "only zeros": "\0" * 100,
    "an upgrade": f"GET {PATH} HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c\r\n",
}


async def test_a_strange_body_is_refused_and_nothing_else_happens(wire: Wire) -> None:
    for name, text in POSTS.items():
        headers, _, body = text.partition("\r\n\n")

        answer = await wire.send(wire.post(headers + "\r\n", body))

        _is_refused(answer, name)


async def test_a_strange_request_is_answered_plainly(wire: Wire) -> None:
    for name, line in LINES.items():
        answer = await wire.send((line + wire.head + "\r\n").encode("latin-1"))

        _is_refused(answer, name, or_found=True)


async def test_requests_in_a_row_are_answered_in_that_row(wire: Wire) -> None:
    one = f"GET {PATH}/%s HTTP/1.1\r\n{wire.head}\r\n"
    last = f"GET /api/registry/health/live HTTP/1.1\r\n{wire.head}Connection: close\r\n\r\n"

    answer = await wire.send((one % "x" + one % "y" + last).encode(), then_leave=False)

    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [422, 422, 204]


async def test_whoever_leaves_in_the_middle_of_a_request_leaves_nothing(
    wire: Wire, registry: Ecosystem
) -> None:
    request = wire.post(f"{JSON}Idempotency-Key: half\r\nContent-Length: 50\r\n", '{"kind": "ente')
    for cut in range(1, len(request), 97):
        _, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        writer.write(request[:cut])
        writer.transport.abort()

    assert await registry.rows("registry", "SELECT FROM enterprise") == []
    assert await registry.rows("registry", "SELECT FROM idempotency_key") == []


def _is_refused(answer: bytes, name: str, *, or_found: bool = False) -> None:
    if not answer:
        return  # they gave up first, and so may we
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1])
    assert status < 500, (name, answer)
    assert or_found or status >= 400, (name, answer)
    if status >= 400 and body:
        assert b"application/problem+json" in head.lower(), (name, answer)
        assert b"caf\xe9" not in body
        assert LARGE.encode() not in body
