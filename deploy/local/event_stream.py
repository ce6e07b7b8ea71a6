"""One reader of Kafka for all browsers: the newest events at once, then each one as it comes."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterable

import structlog
from aiokafka import TopicPartition
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from deploy.local.announcements import Announcement, Reader, read, reading
from shared.events import TOPICS

_log = structlog.get_logger(__name__)

_KEPT = 200
_KEPT_OF_A_PARTITION = 50
_WAITING = 1000
"""Events that a browser may fall behind; of those that it leaves waiting, the oldest go first."""
_AT_A_STRETCH = 100
_BREATH_S = 0.01
"""A pause after so many events, in which those that read at once can take them."""
_HEARTBEAT_S = 10.0
_PAUSE_S = 1.0


class EventStream:
    """Hands every event to every browser that listens, and waits for none of them."""

    def __init__(self, kafka: str) -> None:
        """Read from this Kafka."""
        self._kafka = kafka
        self._newest: deque[str] = deque(maxlen=_KEPT)
        self._listeners: set[_Listener] = set()
        self._next: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        """Read until cancelled; whatever becomes of Kafka or its client is waited out."""
        while True:
            try:
                async with reading(self._kafka, TOPICS) as reader:
                    await self._follow(reader)
            except Exception as failure:  # noqa: BLE001 (aiokafka lets out bare AssertionErrors)
                _log.warning("event_stream_interrupted", reason=type(failure).__name__)
            await asyncio.sleep(_PAUSE_S)

    async def answer(self, request: Request) -> Response:
        """Answer a browser with server-sent events until it leaves."""
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        frames = self._frames(self._since(request.headers.get("last-event-id")))
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)

    async def end(self) -> None:
        """Let every browser go, so that the server can stop."""
        for listener in self._listeners:
            listener.let_go()

    async def _follow(self, reader: Reader) -> None:
        await reader.go_back(_KEPT_OF_A_PARTITION)
        # After an outage we go on where we were: nothing is shown twice, nothing is left out.
        reader.go_to(self._next)
        while True:
            for number, record in enumerate(await reader.poll(), 1):
                self._next[TopicPartition(record.topic, record.partition)] = record.offset + 1
                if (announcement := read(record)) is not None:
                    self.hand_out(frame(announcement))
                if number % _AT_A_STRETCH == 0:
                    await asyncio.sleep(_BREATH_S)

    def hand_out(self, made: str) -> None:
        """Give one frame to every browser, and to those that come soon."""
        self._newest.append(made)
        for listener in self._listeners:
            listener.give(made)

    def _since(self, last: str | None) -> list[str]:
        kept = list(self._newest)
        for place, made in enumerate(kept, 1):
            if made.startswith(f"id: {last}\n"):
                return kept[place:]
        return kept

    async def _frames(self, first: Iterable[str]) -> AsyncIterator[str]:
        listener = _Listener(first)
        self._listeners.add(listener)
        try:
            yield ": the newest first, then as they come\n\n"
            # That the browser has left is noticed by the response, which then closes us.
            while (waiting := await listener.next()) is not None:
                yield waiting
        finally:
            self._listeners.discard(listener)


class _Listener:
    """What waits for one browser."""

    def __init__(self, first: Iterable[str]) -> None:
        self._waiting = deque(first)
        self._left_out = 0
        self._gone = False
        self._woken = asyncio.Event()

    def give(self, made: str) -> None:
        """Let it wait; when too much does, the oldest is left out."""
        if len(self._waiting) >= _WAITING:
            self._waiting.popleft()
            self._left_out += 1
        self._waiting.append(made)
        self._woken.set()

    def let_go(self) -> None:
        """Let nothing more come."""
        self._gone = True
        self._woken.set()

    async def next(self) -> str | None:
        """Return the next frame, None when there will be none; what was left out is told first."""
        if not self._waiting and not self._gone:
            self._woken.clear()
            try:
                async with asyncio.timeout(_HEARTBEAT_S):
                    await self._woken.wait()
            except TimeoutError:
                return ": still here\n\n"
        if self._gone:
            return None
        if count := self._left_out:
            self._left_out = 0
            return f"event: left-out\ndata: {count}\n\n"
        return self._waiting.popleft()


def frame(announcement: Announcement) -> str:
    """Return the event as one server-sent event."""
    shown = {
        "id": announcement.id,
        "type": announcement.type,
        "key": announcement.key,
        "time": announcement.time.isoformat(),
        "service": announcement.service,
        "what": announcement.what,
        "label": announcement.label,
        "unit": announcement.unit,
    }
    return f"id: {announcement.id}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n"
