"""Serves a service's own topics to whoever has no Kafka: one aggregate's history, and the feed."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access.actor import Actor
from shared.access.web import CurrentActor
from shared.database import Database
from shared.events import TOPICS
from shared.refusals import NotFound, TooMany
from shared.streams.commits import Commits
from shared.streams.direct import Connection
from shared.streams.feed import LONGEST_CURSOR, FeedCursor, NoCursor, Part, read_on, read_one
from shared.streams.log import Tx
from shared.web.http_protocol import ENDING
from shared.web.negotiation import media_type
from shared.web.operations import Operation
from shared.web.paging import not_ours
from shared.web.queries import Whole
from shared.web.transactions import Read

BATCH: Final = "application/cloudevents-batch+json"
"""The media type of several events in structured mode (CloudEvents 1.0, JSON format, section 4)."""
LONGEST_WAIT: Final = 30
MOST_WAITING: Final = 200
MOST_OF_ONE: Final = 10
"""Requests of one process that wait at the same time: of all, and of one actor."""
_POSITION: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})")
_LOOK: Final = 1.0
"""Seconds between two looks while nothing was heard, also at whether the client is still there."""


class CloudEvent(BaseModel):
    """One event of a topic, in structured mode, as docs/api.md tells of it."""

    model_config = ConfigDict(extra="allow")

    specversion: Literal["1.0"]
    id: UUID
    source: str
    type: str
    subject: UUID
    time: AwareDatetime
    dataschema: str
    datacontenttype: Literal["application/json"] | None = None
    sequence: str
    epoch: int
    data: dict[str, Any] | None = None


_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            BATCH: {
                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/CloudEvent"}}
            }
        },
        "headers": {
            "Link": {
                "description": 'Where to read on: `<address>; rel="next"` (RFC 8288).',
                "schema": {"type": "string"},
            }
        },
    }
}
_After = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
_Limit = Annotated[Whole, Query(ge=1, le=1_000)]
_Wait = Annotated[Whole, Query(ge=0, le=LONGEST_WAIT)]


@dataclass(slots=True)
class Waiters:
    """Those of one process who wait for something to be said, bounded in their number."""

    commits: Commits
    of: Counter[str] = field(default_factory=Counter)
    """How many wait for each actor."""

    @contextmanager
    def one_more(self, actor: Actor) -> Iterator[None]:
        """Wait among the others. Raises TooMany."""
        if self.of[actor.subject] >= MOST_OF_ONE:
            sentence = "Too many of your requests wait at the same time. Come again in a moment."
            raise TooMany(sentence, retry_after=5)
        if self.of.total() >= MOST_WAITING:
            raise TooMany("Too many wait for events here. Come again in a moment.", retry_after=5)
        self.of[actor.subject] += 1
        try:
            yield
        finally:
            self.of -= Counter([actor.subject])  # what is at zero goes


def _known(topic: str, request: Request) -> str:
    service = request.app.state.settings.service
    if topic not in TOPICS or not topic.startswith(f"{service}."):
        raise NotFound("This service has no topic of this name.")
    return topic


_Topic = Annotated[str, Depends(_known)]

router = APIRouter(prefix="/streams", tags=["streams"], route_class=Operation)
"""`GET /streams/{topic}` and `GET /streams/{topic}/{key}`, of the service's own topics."""


@router.get("/{topic}", response_model=list[CloudEvent], responses=_ANSWERS)
async def follow_topic(  # noqa: PLR0913 (its parameters are the query's)
    topic: _Topic,
    request: Request,
    actor: CurrentActor,
    *,
    after: _After = None,
    wait: _Wait = 0,
    limit: _Limit = 200,
) -> Response:
    """Read on in a topic, from its beginning or `after` a cursor of ours.

    Without anything new, the answer waits up to `wait` seconds for it, and may then be empty; it is
    at once when the process ends. Who waits with ten requests already is answered 429.
    """
    part = await _read_on(request, actor, _cursor(after, topic), limit)
    if wait and not part.events:
        waiters: Waiters = request.app.state.waiters
        with waiters.one_more(actor):
            part = await _waited(request, actor, part, wait, limit)
    return _answer(request, part.events, f"after={part.after}&wait={wait}&limit={limit}")


@router.get("/{topic}/{key}", response_model=list[CloudEvent], responses=_ANSWERS)
async def read_stream(  # noqa: PLR0913 (as above)
    topic: _Topic,
    key: UUID,
    request: Request,
    tx: Read,
    *,
    after: _After = None,
    limit: _Limit = 200,
) -> Response:
    """Read the history of one aggregate, from its first event or `after` a cursor of ours."""
    events = await read_one(await _driver(tx), topic, str(key), _position(after), limit)
    if not events and after is None:
        raise NotFound("Nothing was ever said of this aggregate.")
    following = f"{events[-1]['epoch']}.{events[-1]['sequence']}" if events else after
    return _answer(request, events, f"after={following}&limit={limit}")


async def _waited(request: Request, actor: Actor, part: Part, wait: int, limit: int) -> Part:
    loop, waiters = asyncio.get_running_loop(), request.app.state.waiters
    ending = request.scope.get("extensions", {}).get(ENDING) or asyncio.Event()
    deadline = loop.time() + wait
    while not part.events and (left := deadline - loop.time()) > 0:
        if ending.is_set() or await request.is_disconnected():
            break
        committed = waiters.commits.next()
        # Looked again before waiting: it may have been said just before we began to hear.
        part = await _read_on(request, actor, part.after, limit)
        if not part.events:
            await _first_of(committed, ending, min(left, _LOOK))
    return part


async def _first_of(one: asyncio.Event, other: asyncio.Event, longest: float) -> None:
    """Wait until one of the two is set, or so many seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()


async def _read_on(request: Request, actor: Actor, cursor: FeedCursor, limit: int) -> Part:
    database: Database = request.app.state.database
    async with database.reading(actor) as tx:
        return await read_on(await _driver(tx), cursor, limit)


async def _driver(tx: Tx) -> Connection:
    """The driver's own connection, which reads snapshots, in the transaction of `tx`."""
    raw = await (await tx.connection()).get_raw_connection()
    connection: Connection = raw.driver_connection  # type: ignore[assignment]  # asyncpg's, as in the engine
    return connection


def _answer(request: Request, events: Sequence[dict[str, Any]], following: str) -> Response:
    """One form of answer, called what the client would rather have it called."""
    accepted = media_type(request.headers.get("accept", ""), (BATCH, "application/json"))
    link = f'<{request.url.path}?{following}>; rel="next"'
    return Response(orjson.dumps(events), media_type=accepted, headers={"Link": link})


def _cursor(after: str | None, topic: str) -> FeedCursor:
    if after is None:
        return FeedCursor(topic)
    try:
        return FeedCursor.parse(after, topic)
    except NoCursor:
        raise not_ours() from None


def _position(after: str | None) -> tuple[int, int]:
    if after is None:
        return 0, 0
    given = _POSITION.fullmatch(after)
    if given is None:
        raise not_ours()
    return int(given[1]), int(given[2])
