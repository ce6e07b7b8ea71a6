"""Serves the events that a service could not take, to those who look after them."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from shared.instants import Instant
from shared.streams import parked_verbs as verbs
from shared.streams.codec import VALUE_LIMIT, is_structured
from shared.streams.log import Tx
from shared.streams.parked_keys import parked_keys
from shared.streams.parked_verbs import Chosen
from shared.streams.parking import ParkedState, parked_event, unpacked
from shared.text import clean
from shared.web.bodies import Command
from shared.web.etags import IfMatch, tag
from shared.web.negotiation import media_type
from shared.web.operations import Operation
from shared.web.pages import HTML
from shared.web.paging import Page, Paged, Window, page
from shared.web.parked_page import parked_page
from shared.web.transactions import Read, Write, WriteOnce

EDIT_LIMIT: Final = 2 * VALUE_LIMIT + 1_000
"""Bytes of a body with an event in it as a text, in which each quotation mark takes two."""
_ROW: Final = parked_event.c
_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {HTML: {"schema": {"type": "string"}}}}
}
_Word = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$")]
_Asked = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,200}$")]
_Reason = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=200)]


class ParkedView(BaseModel):
    """Where a parked event stands, without what it says."""

    id: UUID
    topic: str
    key: str | None
    epoch: int | None
    sequence: int | None
    type: str | None
    event_id: UUID | None
    partition: int
    offset: int
    state: ParkedState
    error: str
    reason: str | None
    attempts: int
    edited: bool
    first_failed_at: datetime
    next_attempt_at: datetime | None


class ParkedEvent(ParkedView):
    """The same with what it says."""

    headers: list[tuple[str, str | None]]
    data_base64: str | None
    """What came, byte for byte."""
    event: str | None
    """What will be taken up, as a CloudEvent in JSON, if it can be written so."""


class RetryParked(Command):
    """Which are to be taken up now: all that fit; everything but what was put aside, if empty."""

    id: UUID | None = None
    topic: _Word | None = None
    key: _Word | None = None
    type: _Word | None = None
    since: Instant | None = None


class SkipParked(Command):
    """Why an event is put aside; it names no person."""

    reason: _Reason


class EditParked(Command):
    """A repaired copy of an event, as a CloudEvent in JSON; as long as what a topic takes."""

    longest_text: ClassVar[int] = VALUE_LIMIT

    event: Annotated[str, Field(min_length=2, max_length=VALUE_LIMIT)]


class Retried(BaseModel):
    """How many are to be taken up."""

    retried: int


def _chosen(
    topic: _Asked = None,
    key: _Asked = None,
    type: _Asked = None,  # noqa: A002 (the query's name)
    state: ParkedState | None = None,
    since: Instant | None = None,
) -> Chosen:
    return Chosen(topic=topic, key=key, type=type, state=state, since=since)


_Chosen = Annotated[Chosen, Depends(_chosen)]


router = APIRouter(prefix="/parked-events", tags=["parked events"], route_class=Operation)


@router.get("", response_model=Page[ParkedView], responses=_PAGE)
async def list_parked_events(
    tx: Read, window: Paged, chosen: _Chosen, request: Request, answer: Response
) -> Page[ParkedView] | Response:
    """Find what is parked, in the order of the first failures.

    With `Accept: text/html` it is a page for people: by keys, with how many wait behind each.
    """
    if media_type(request.headers.get("accept", ""), ("application/json", HTML)) == HTML:
        keys, further = await _page(tx, *parked_keys(chosen), window)
        return parked_page(request, keys, further)
    answer.headers["Vary"] = "Accept"
    rows, following = await _some(tx, window, chosen)
    return Page(items=[ParkedView(**_shown(row)) for row in rows], next=following)


@router.get("/export")
async def export_parked_events(tx: Read, window: Paged, chosen: _Chosen) -> Page[ParkedEvent]:
    """Take away what is parked, with all that it says."""
    rows, following = await _some(tx, window, chosen)
    return Page(items=[ParkedEvent(**_told(row)) for row in rows], next=following)


@router.post("/retry")
async def retry_parked_events(command: RetryParked, tx: WriteOnce) -> Retried:
    """Let events be taken up at once, each key in its order."""
    return Retried(retried=await verbs.retry(tx, Chosen(**command.model_dump())))


@router.get("/{parked_id:uuid}")
async def read_parked_event(parked_id: UUID, tx: Read, answer: Response) -> ParkedEvent:
    """Read one, with what it says."""
    return _answer(answer, await verbs.parked_one(tx, parked_id))


@router.post("/{parked_id:uuid}/skip")
async def skip_parked_event(
    parked_id: UUID, command: SkipParked, seen: IfMatch, tx: Write, answer: Response
) -> ParkedEvent:
    """Put one aside for a reason, so that the later ones of its key go on."""
    return _answer(answer, await verbs.skip(tx, parked_id, seen, command.reason))


@router.post("/{parked_id:uuid}/edit", max_body_size=EDIT_LIMIT)
async def edit_parked_event(
    parked_id: UUID, command: EditParked, seen: IfMatch, tx: Write, answer: Response
) -> ParkedEvent:
    """Let a repaired copy of one be taken up; what came is kept beside it."""
    return _answer(answer, await verbs.edit(tx, parked_id, seen, command.event))


async def _some(tx: Tx, window: Window, chosen: Chosen) -> tuple[list[sa.RowMapping], str | None]:
    statement = sa.select(parked_event).where(*chosen.conditions())
    return await _page(tx, statement, [_ROW.first_failed_at, _ROW.id], window)


async def _page(
    tx: Tx, statement: sa.Select[Any], order: Sequence[Any], window: Window
) -> tuple[list[sa.RowMapping], str | None]:
    rows, following = await page(tx, statement, order, window)
    return [row._mapping for row in rows], following  # noqa: SLF001 (SQLAlchemy's public name)


def _answer(answer: Response, row: sa.RowMapping) -> ParkedEvent:
    tag(answer, row["version"])
    return ParkedEvent(**_told(row))


def _shown(row: sa.RowMapping) -> dict[str, Any]:
    return {**row, "sequence": row["seq"], "edited": row["edited"] is not None}


def _told(row: sa.RowMapping) -> dict[str, Any]:
    data = row["data"]
    came = unpacked(row["headers"])
    headers = [
        (name, None if value is None else value.decode(errors="replace")) for name, value in came
    ]
    return {
        **_shown(row),
        "headers": headers,
        "data_base64": None if data is None else base64.b64encode(data).decode(),
        "event": _written(row, headers, whole=is_structured(came)),
    }


def _written(
    row: sa.RowMapping, headers: list[tuple[str, str | None]], *, whole: bool
) -> str | None:
    """What will be taken up in CloudEvents' structured mode, which a repair begins with.

    What came in that mode already, as a `whole`, is shown as it is, whatever is wrong with it.
    """
    if row["edited"] is not None:
        return str(row["edited"].decode())
    try:
        data = orjson.loads(row["data"] or b"null")
    except orjson.JSONDecodeError:
        return None
    if whole and data is not None:
        return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()
    attributes = {name[3:]: value for name, value in headers if name.startswith("ce_")}
    if data is None or "id" not in attributes:
        return None
    return orjson.dumps(attributes | {"data": data}, option=orjson.OPT_INDENT_2).decode()
