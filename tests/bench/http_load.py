"""Keeps a number of HTTP connections busy with one POST each, as cheaply as Python can."""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

_ANSWER_DEADLINE = 10.0

Target = tuple[int, str, str]
"""Port, path, and header lines that each end in CRLF."""


async def posts_per_second(
    target: Target,
    body: Callable[[], bytes],
    *,
    seconds: float,
    clients: int,
    refusal: bytes | None = None,
) -> float:
    """Post for a while from several connections; return the rate of 201 answers.

    Raises RuntimeError for any other answer but a refusal of this status, which does not count.
    """
    deadline = time.perf_counter() + seconds
    started = time.perf_counter()
    counts = await asyncio.gather(
        *(_client(target, body, deadline, refusal) for _ in range(clients))
    )
    return sum(counts) / (time.perf_counter() - started)


async def _client(
    target: Target, body: Callable[[], bytes], deadline: float, refusal: bytes | None
) -> int:
    port, path, headers = target
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < deadline:
        content = body()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"{headers}Idempotency-Key: {uuid4()}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        async with asyncio.timeout(_ANSWER_DEADLINE):
            count += await _answer(reader, refusal)
    writer.close()
    return count


async def _answer(reader: asyncio.StreamReader, refusal: bytes | None) -> bool:
    """Whether it was granted."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    content = await reader.readexactly(length)
    status = head[len(b"HTTP/1.1 ") :][:3]
    if status not in (b"201", refusal):
        raise RuntimeError(head.partition(b"\r\n")[0].decode() + " " + content[:300].decode())
    return status == b"201"
