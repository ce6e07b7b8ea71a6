"""The front passes requests on to other processes, streaming, and says when one is not there."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local import proxy as proxy_module
from deploy.local.body_limits import limits_of
from deploy.local.http_server import reserve, serving
from deploy.local.ports import free_ports
from deploy.local.proxy import Proxy
from services.registry.upload import UPLOAD_LIMIT


async def echo(request: Request) -> Response:
    told = {
        "path": request.scope["raw_path"].decode(),
        "query": request.url.query,
        "size": len(await request.body()),
        "asked": request.headers.get("x-asked"),
    }
    return JSONResponse(told, status_code=418, headers={"etag": '"1"'})


async def slowly(_request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(30)

    return StreamingResponse(pieces())


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
under_way: list[str] = []


async def endlessly(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 10_000
                await asyncio.sleep(0.01)
        finally:
            under_way.remove("answer")

    under_way.append("answer")
    if request.query_params.get("silent"):
        try:
            while not await request.is_disconnected():  # noqa: ASYNC110 (it has no event)
                await asyncio.sleep(0.01)
        finally:
            under_way.remove("answer")
    return StreamingResponse(pieces())


async def eventually(true: Callable[[], bool], within_s: float = 5) -> bool:
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.02)
    return true()


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Ask a proxy in front of a real server, with so few connections that a lost one shows."""
    monkeypatch.setattr(proxy_module, "_CONNECTIONS", 4)
    (port,) = free_ports(1)
    routes = [
        Route("/slowly", slowly),
        Route("/endlessly", endlessly),
        Route("/little", echo, methods=["PUT"], max_body_size=1_500_000),
        Route("/{rest:path}", echo, methods=["GET", "PUT"]),
    ]
    proxy = Proxy(f"http://127.0.0.1:{port}")
    front_port = free_ports(1)[0]
    async with (
        serving(Starlette(routes=routes), reserve(port)),
        serving(proxy, reserve(front_port)),
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{front_port}", timeout=5, trust_env=False
        ) as asking,
    ):
        yield asking
        await proxy.close()


async def test_a_request_and_its_answer_pass_unchanged(client: httpx.AsyncClient) -> None:
    answer = await client.put(
        "/api/x/a%2Fb?name=%C3%A9", content=b"x" * 300_000, headers={"x-asked": "yes"}
    )

    assert answer.status_code == 418
    assert answer.headers["etag"] == '"1"'
    assert len(answer.headers.get_list("date")) == 1
    assert answer.json() == {
        "path": "/api/x/a%2Fb",
        "query": "name=%C3%A9",
        "size": 300_000,
        "asked": "yes",
    }


async def test_an_answer_is_passed_on_as_it_comes(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/slowly") as answer:
        first = await anext(answer.aiter_raw())

    assert first == b"first"


async def test_a_service_that_is_not_there_is_a_problem_and_not_a_traceback() -> None:
    proxy = Proxy(f"http://127.0.0.1:{free_ports(1)[0]}")
    transport = httpx.ASGITransport(proxy)

    async with httpx.AsyncClient(transport=transport, base_url="http://front") as asking:
        answer = await asking.get("/api/registry/v1/units")
    await proxy.close()

    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["retry-after"] == "1"


async def an_upload(client: httpx.AsyncClient, length: int, sent: bytes = b"") -> Connection:
    """Begin a request whose body does not come."""
    url = client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"PUT /x HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n"
    writer.write(head.encode() + sent)
    await writer.drain()
    return reader, writer


async def test_uploads_that_stall_take_no_connection_from_others(
    client: httpx.AsyncClient,
) -> None:
    stalled = [await an_upload(client, 1000, b"begun") for _ in range(50)]

    answer = await client.put("/x", content=b"whole")

    assert answer.json()["size"] == 5
    for _, writer in stalled:
        writer.close()


@pytest.mark.parametrize("sent", [b"begun", b"x" * 1_200_000], ids=["small", "streamed"])
async def test_an_upload_that_stalls_is_told_so_and_ended(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(proxy_module, "_PIECE_S", 0.3)

    reader, writer = await an_upload(client, 2_000_000, sent)
    async with asyncio.timeout(5):
        told = await reader.readuntil(b"}")
    writer.close()

    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/too-slow" in told


async def test_an_upload_that_trickles_is_ended(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy_module, "GRACE", 0.5)

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x"
            await asyncio.sleep(0.1)

    answer = await client.put("/x", content=trickle())

    assert answer.status_code == 408


@pytest.mark.parametrize("size", [0, 1_000_000, 1_000_001, 5_000_000])
async def test_a_body_of_any_size_arrives_whole(client: httpx.AsyncClient, size: int) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 70_000):
            yield b"x" * min(70_000, size - start)

    known = await client.put("/x", content=b"x" * size)
    chunked = await client.put("/x", content=pieces())

    assert (known.json()["size"], chunked.json()["size"]) == (size, size)


async def test_a_body_that_the_service_does_not_take_is_refused_by_the_service(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.put("/little", content=b"x" * 20_000_000)

    assert answer.status_code == 413


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() -> None:
    proxy = Proxy(f"http://127.0.0.1:{free_ports(1)[0]}", limits_of("registry"))
    port = free_ports(1)[0]
    async with serving(proxy, reserve(port)):
        answers = [
            await _refused_at_once(port, "/api/registry/v1/enterprises", 1_000_001),
            await _refused_at_once(port, "/api/registry/v1/imports", UPLOAD_LIMIT + 1),
            await _refused_at_once(port, "/api/registry/v1/nothing", 1_000_001),
        ]
    await proxy.close()

    assert all(answer.startswith(b"HTTP/1.1 413") for answer in answers)


async def _refused_at_once(port: int, path: str, length: int) -> bytes:
    """Say how long the body will be, send nothing of it, and read what is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n".encode())
    try:
        async with asyncio.timeout(5):
            return await reader.readline()
    finally:
        writer.close()


@pytest.mark.parametrize("silent", ["", "yes"], ids=["while it comes", "before it comes"])
async def test_an_answer_is_given_up_when_the_client_leaves(
    client: httpx.AsyncClient, silent: str
) -> None:
    url = client.base_url
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET /endlessly?silent={silent} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert await eventually(lambda: under_way == ["answer"])

    writer.close()

    assert await eventually(lambda: not under_way)


async def test_clients_that_leave_give_their_connections_back(client: httpx.AsyncClient) -> None:
    for _ in range(20):
        _, writer = await an_upload(client, 2_000_000, b"x" * 1_200_000)
        writer.close()

    answer = await client.put("/x", content=b"whole")

    assert answer.status_code == 418


async def test_a_websocket_is_refused_and_not_a_fault(client: httpx.AsyncClient) -> None:
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    answer = await client.get("/x", headers=upgrade)

    assert answer.status_code == 403


async def test_a_question_that_waits_does_not_keep_the_front_from_ending() -> None:
    (port, front_port) = free_ports(2)
    proxy = Proxy(f"http://127.0.0.1:{port}")
    loop = asyncio.get_running_loop()
    async with (
        serving(Starlette(routes=[Route("/endlessly", endlessly)]), reserve(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{front_port}", trust_env=False) as asking,
    ):
        async with serving(proxy, reserve(front_port)):
            waiting = asyncio.create_task(asking.get("/endlessly?silent=1", timeout=20))
            assert await eventually(lambda: under_way == ["answer"])
            begun = loop.time()
        answer = await waiting
        await proxy.close()
        assert await eventually(lambda: under_way == [])

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert loop.time() - begun < 5
