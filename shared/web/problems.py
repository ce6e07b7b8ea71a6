"""Every error leaves as RFC 9457 problem details, and none repeats what was sent."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from opentelemetry import trace
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.refusals import Refusal, Unauthenticated

log = structlog.get_logger(__name__)

_KNOWN = {
    400: ("/problems/malformed", "The body could not be read; send JSON in UTF-8."),
    408: ("/problems/too-slow", "The body came too slowly. Send it again."),
    413: ("/problems/too-large", "The body has more bytes than this operation takes."),
}
_UNIQUE_VIOLATION = "23505"
MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = 2
_FAULTS = (ProgrammingError, DataError)
_TEMPORARY = (DBAPIError, PoolTimeout, TimeoutError, ConnectionError)


def install(app: FastAPI) -> None:
    """Let every way to fail end in a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(IntegrityError, _collision)
    for fault in _FAULTS:
        app.add_exception_handler(fault, _unexpected)
    for outage in _TEMPORARY:
        app.add_exception_handler(outage, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    status: int,
    title: str,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    **members: object,
) -> Response:
    """A problem as a response; members that are None are left out."""
    span = trace.get_current_span().get_span_context()
    body: dict[str, object] = {"type": kind, "title": title, "status": status}
    body |= {name: value for name, value in members.items() if value is not None}
    if span.is_valid:
        body["traceId"] = trace.format_trace_id(span.trace_id)
    return Response(orjson.dumps(body), status, dict(headers or {}), MEDIA_TYPE)


def kind_of(refusal: type[Refusal]) -> str:
    """The problem's type: the class's name in kebab case under /problems/."""
    return "/problems/" + re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="sinergi"'
    errors = [{"pointer": error.pointer, "detail": error.detail}] if error.pointer else None
    return problem(
        error.status,
        error.title,
        kind=kind_of(type(error)),
        headers=headers,
        detail=error.detail,
        errors=errors,
    )


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        detail = "The body is not JSON."
        return problem(400, "Malformed request", kind="/problems/malformed", detail=detail)
    return problem(
        422,
        "Invalid",
        kind="/problems/invalid",
        detail="Some values break a rule; `errors` says which and how to repair them.",
        errors=[_field(e) for e in found[:50]],
    )


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    location: Sequence[Any] = error["loc"]
    where, *path = location
    if error["type"] == "extra_forbidden":
        path = path[:-1]  # the name of a field we do not know is the client's own words
    pointer = "/" + "/".join(str(p).replace("~", "~0").replace("/", "~1")[:80] for p in path)
    detail = str(error["msg"]).removeprefix("Value error, ")
    name = "pointer" if where == "body" else "parameter"
    return {name: pointer if where == "body" else str(path[-1]), "code": error["type"]} | {
        "detail": detail
    }


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    kind, detail = _KNOWN.get(error.status_code, ("about:blank", None))
    return problem(error.status_code, title, kind=kind, headers=error.headers, detail=detail)


class TooLargeAsProblem:
    """Turns the plain text with which the framework answers a body over the limit into a problem.

    It answers outside of every handler of exceptions, so this stands outside of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else unchanged."""
        plain = False

        async def translated(message: Message) -> None:
            nonlocal plain
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                plain = True
                answer = problem(413, "Too large", kind=_KNOWN[413][0], detail=_KNOWN[413][1])
                await answer(scope, receive, send)
            elif not plain:
                await send(message)

        await self._app(scope, receive, translated)


def _is_plain_refusal(start: Message) -> bool:
    headers = dict(start["headers"])
    plain = bytes(headers.get(b"content-type", b"")).startswith(b"text/plain")
    return plain and start["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value


async def _collision(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntegrityError)
    if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
        return await _unexpected(request, error)
    log.info("request.collided", path=request.scope["path"], error=type(error).__name__)
    return problem(
        409,
        "Conflict",
        kind="/problems/conflict",
        detail="Someone else did the same in the same moment. Send the same request again.",
    )


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("request.unavailable", path=request.scope["path"], error=type(error).__name__)
    return problem(
        503,
        "Not available for a moment",
        kind="/problems/unavailable",
        headers={"Retry-After": str(_RETRY_AFTER)},
        detail="A part that is needed does not answer. Send the same request again.",
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.failed", path=request.scope["path"], error=type(error).__name__)
    return problem(500, "A fault of ours", kind="/problems/fault")
