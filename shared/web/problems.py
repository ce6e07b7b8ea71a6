"""Every error leaves as RFC 9457 problem details, and none repeats what was sent."""

import re
from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Final

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from opentelemetry import trace
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.refusals import (
    Conflict,
    IdempotencyKeyMissing,
    Invalid,
    Malformed,
    Refusal,
    TooLarge,
    TooSlow,
    Unauthenticated,
    Unavailable,
    VersionMissing,
)
from shared.web.broken_rules import told
from shared.web.languages import Language, language_of, said, spoken

log = structlog.get_logger(__name__)

REFUSALS: Final[Mapping[int, str]] = {
    404: "Not Found",
    405: "Method Not Allowed",
    500: "A fault of ours",
}
"""The titles of what is refused before or outside of every operation."""
_REFUSED: Final[Mapping[int, Refusal]] = {
    400: Malformed("The body could not be read; send JSON in UTF-8."),
    408: TooSlow("The body came too slowly. Send it again."),
    413: TooLarge("The body has more bytes than this operation takes."),
}
_MISSING: Final[Mapping[str, Refusal]] = {
    "If-Match": VersionMissing("Send the ETag of the version you read in the If-Match header."),
    "Idempotency-Key": IdempotencyKeyMissing(
        "Send an Idempotency-Key: a new one for each thing you make, the same one to try again."
    ),
}
"""Headers that an operation needs, and whose absence has a status of its own."""
_UNIQUE_VIOLATION: Final = "23505"
MEDIA_TYPE: Final = "application/problem+json"
_FAULTS = (ProgrammingError, DataError)
TEMPORARY = (DBAPIError, PoolTimeout, TimeoutError, ConnectionError)


def install(app: FastAPI) -> None:
    """Let every way to fail end in a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(IntegrityError, _collision)
    for fault in _FAULTS:
        app.add_exception_handler(fault, _unexpected)
    for outage in TEMPORARY:
        app.add_exception_handler(outage, unavailable)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    status: int,
    title: str,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    language: Language = "en",
    **members: object,
) -> Response:
    """A problem as a response in a language; members that are None are left out."""
    span = trace.get_current_span().get_span_context()
    body: dict[str, object] = {"type": kind, "title": title, "status": status}
    body |= {name: value for name, value in members.items() if value is not None}
    if span.is_valid:
        body["traceId"] = trace.format_trace_id(span.trace_id)
    said_in = {**(headers or {}), **spoken(language)}
    return Response(orjson.dumps(body), status, said_in, MEDIA_TYPE)


def refused(
    request: Request, refusal: Refusal, errors: list[dict[str, str]] | None = None
) -> Response:
    """A refusal as a response, in the language that the client prefers."""
    language = language_of(request)
    detail = said(refusal.sentence, language, refusal.facts)
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="sinergi"'
    if refusal.pointer:
        errors = [{"pointer": refusal.pointer, "detail": detail}]
    return problem(
        refusal.status,
        said(refusal.title, language),
        kind=kind_of(type(refusal)),
        headers=headers,
        language=language,
        detail=detail,
        errors=errors,
        **refusal.members,
    )


def kind_of(refusal: type[Refusal]) -> str:
    """The problem's type: the class's name in kebab case under /problems/."""
    return "/problems/" + re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    missing = [rule["loc"] for rule in error.errors() if rule["type"] == "missing"]
    for header, refusal in _MISSING.items():
        if ("header", header) in missing:
            return refused(request, refusal)
    sentence = "Some values break a rule; `errors` says which and how to repair them."
    return refused(request, Invalid(sentence), told(error, language_of(request)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers, language = error.status_code, error.headers, language_of(request)
    if status in _REFUSED:
        return refused(request, _REFUSED[status])
    if status == HTTPStatus.METHOD_NOT_ALLOWED.value:
        headers = {"Allow": ", ".join(_allowed(request))}
    title = said(REFUSALS.get(status, HTTPStatus(status).phrase), language)
    return problem(status, title, headers=headers, language=language)


def _allowed(request: Request) -> list[str]:
    """The methods of an address; each of its operations knows of its own only."""
    scopes = ((method.value, {**request.scope, "method": method.value}) for method in HTTPMethod)
    return [
        method
        for method, scope in scopes
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    ]


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
                answer = refused(Request(scope), _REFUSED[message["status"]])
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
    log.info("request.collided", operation=_operation(request), error=type(error).__name__)
    sentence = "Someone else did the same in the same moment. Send the same request again."
    return refused(request, Conflict(sentence))


def _operation(request: Request) -> str | None:
    """Which operation it was; the path itself may hold what a person typed."""
    return getattr(request.scope.get("route"), "name", None)


async def unavailable(request: Request, error: Exception) -> Response:
    """Say that something is missing for a moment."""
    log.warning("request.unavailable", operation=_operation(request), error=type(error).__name__)
    sentence = "A part that is needed does not answer. Send the same request again."
    return refused(request, Unavailable(sentence))


async def _unexpected(request: Request, error: Exception) -> Response:
    name = type(error).__name__
    log.error("request.failed", operation=_operation(request), error=name, exc_info=error)
    language = language_of(request)
    return problem(500, said(REFUSALS[500], language), kind="/problems/fault", language=language)
