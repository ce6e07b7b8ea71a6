"""Browsers see the newest events at once and each new one as it comes; none holds up another."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from deploy.local import event_stream
from deploy.local.announcements import Announcement, Reader
from deploy.local.event_stream import EventStream, frame
from deploy.local.http_server import reserve, serving
from deploy.local.ports import free_ports
from tests.support.messages import a_record

BATIK = Announcement(
    id="01a20d18-864c-77c4-ad39-7ee972a5a861",
    topic="registry.enterprise.v1",
    type="id.sinergi.registry.enterprise.registered.v1",
    key=str(UUID(int=1)),
    time=datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
    sequence=1,
    data={
        "id": str(UUID(int=1)),
        "trade_name": "Batik “Sekar”\nJagad",
        "unit_id": str(UUID(int=2)),
    },
)


def a_browser(last: str | None) -> Request:
    async def receive() -> dict[str, str]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    headers = [(b"last-event-id", last.encode())] if last else []
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers}, receive)


async def listen(stream: EventStream, last: str | None = None) -> AsyncIterator[str]:
    answer = await stream.answer(a_browser(last))
    iterator = answer.body_iterator  # type: ignore[attr-defined]
    assert (await anext(iterator)).startswith(":")
    return iterator  # type: ignore[no-any-return]


@pytest.fixture
def stream() -> EventStream:
    return EventStream("127.0.0.1:1")


async def test_who_comes_late_sees_the_newest_events_first(stream: EventStream) -> None:
    stream.hand_out("data: earlier\n\n")

    late = await listen(stream)
    stream.hand_out("data: later\n\n")

    assert [await anext(late), await anext(late)] == ["data: earlier\n\n", "data: later\n\n"]


def a_fetched(number: int) -> SimpleNamespace:
    made = a_record(event_id=UUID(int=number))
    return SimpleNamespace(**asdict(made), timestamp=0, partition=0, offset=number)


class Burst:
    """A reader of Kafka that has very many events at once, and no more."""

    def __init__(self, events: int) -> None:
        """Have so many."""
        self._left = [a_fetched(number) for number in range(events)]

    async def go_back(self, _count: int) -> None:
        """It is where it is."""

    def go_to(self, _offsets: object) -> None:
        """It is where it is."""

    async def poll(self) -> list[SimpleNamespace]:
        """Give everything at once."""
        given, self._left = self._left, []
        if not given:
            await asyncio.sleep(0.05)
        return given


async def test_who_reads_at_once_misses_nothing_of_a_burst(stream: EventStream) -> None:
    port = free_ports(1)[0]
    app = Starlette(routes=[Route("/", stream.answer)])
    async with (
        serving(app, reserve(port)),
        httpx.AsyncClient(trust_env=False, timeout=10) as client,
        client.stream("GET", f"http://127.0.0.1:{port}/") as quick,
        client.stream("GET", f"http://127.0.0.1:{port}/"),
    ):
        following = asyncio.create_task(stream._follow(cast("Reader", Burst(3000))))  # noqa: SLF001
        lines = quick.aiter_lines()
        seen = [line async for line in as_many(lines, 3000)]
        following.cancel()
        await stream.end()

    assert len(set(seen)) == 3000


async def as_many(lines: AsyncIterator[str], count: int) -> AsyncIterator[str]:
    async for line in lines:
        assert not line.startswith("event: left-out")
        if line.startswith("id: "):
            yield line
            count -= 1
        if count == 0:
            return


async def test_who_does_not_read_is_told_how_many_events_were_left_out_and_gets_the_newest(
    stream: EventStream,
) -> None:
    slow = await listen(stream)

    for number in range(3000):
        stream.hand_out(f"data: {number}\n\n")

    assert await anext(slow) == "event: left-out\ndata: 2000\n\n"
    assert [await anext(slow) for _ in range(1000)] == [f"data: {n}\n\n" for n in range(2000, 3000)]
    stream.hand_out("data: next\n\n")
    assert await anext(slow) == "data: next\n\n"


async def test_who_comes_back_goes_on_where_it_was(stream: EventStream) -> None:
    for number in range(5):
        stream.hand_out(f"id: {number}\ndata: x\n\n")

    back = await listen(stream, last="2")
    stranger = await listen(stream, last="unknown")

    assert await anext(back) == "id: 3\ndata: x\n\n"
    assert await anext(stranger) == "id: 0\ndata: x\n\n"


async def test_every_browser_is_let_go_when_the_front_stops(stream: EventStream) -> None:
    browser = await listen(stream)

    await stream.end()

    assert [piece async for piece in browser] == []


def test_an_event_is_one_frame_whatever_its_name_holds() -> None:
    made = frame(BATIK)

    first, second, *rest = made.split("\n")
    assert first == f"id: {BATIK.id}"
    assert rest == ["", ""]
    told = json.loads(second.removeprefix("data: "))
    assert (told["what"], told["label"]) == ("enterprise registered", "Batik “Sekar”\nJagad")


async def test_no_failure_of_the_kafka_client_ends_the_reading(
    stream: EventStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def fail(*_: object) -> None:
        tries.append(1)
        raise AssertionError

    monkeypatch.setattr(event_stream, "reading", fail)
    monkeypatch.setattr(event_stream, "_PAUSE_S", 0.01)

    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await stream.run()

    assert len(tries) > 1
