"""A request that was carried out before: answered as then, with the thing as it is now.

No body is kept beside an idempotency key, since it may be personal. So what the operation answers
with is read once more, by the operation that reads it and as whoever asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Message

from shared.web.idempotency import HEADER_NAME, Replayed

_OK: Final = 200
_FAULT: Final = 500
_OF_A_FAULT: Final = ("Content-Type", "Content-Language", "Retry-After")
_OF_WHO_ASKS: Final = frozenset({b"authorization", b"accept-language", b"host", b"traceparent"})
_OF_THE_CONNECTION: Final = ("type", "asgi", "http_version", "scheme", "server", "client")


class Unreadable(TypeError):
    """What an operation answers with cannot be read again, so a repeated request has no body."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The operations that read one thing each, to find the one that reads an answer again."""

    prefix: str
    routes: tuple[APIRoute, ...]

    @classmethod
    def of(cls, prefix: str, routes: Iterable[APIRoute]) -> Self:
        """Gather them. Raises Unreadable when one that takes a key answers with what none reads."""
        all_of_them = list(routes)
        readings = tuple(route for route in all_of_them if "GET" in (route.methods or ()))
        known = [route.response_model for route in readings]
        for route in all_of_them:
            unread = route.response_model is not None and route.response_model not in known
            if unread and _takes_a_key(route.dependant):
                message = f"{route.name} answers with what no operation reads; give it a GET"
                raise Unreadable(message)
        return cls(prefix, readings)

    def address(self, answered: Any, path: str, location: str | None) -> str | None:  # noqa: ANN401 (a type)
        """Where what was answered is read: where it was made, where the request went, or above.

        None when nothing was.
        """
        if answered is None:
            return None
        for place in filter(None, (location, *_upwards(path))):
            inner = place.removeprefix(self.prefix)
            if any(r.response_model is answered and r.path_regex.match(inner) for r in self.routes):
                return place
        return None


async def replayed(request: Request, error: Exception) -> Response:
    """The handler that turns Replayed into its answer; without a body when nothing may be seen."""
    assert isinstance(error, Replayed)
    readings: Readings = request.app.state.readings
    answered = request.scope["route"].response_model
    address = readings.address(answered, request.scope["path"], error.location)
    seen = _Seen()
    if address is not None:
        await request.app(_asking(request, address), _nothing, seen.take)
    if seen.status >= _FAULT:
        return Response(bytes(seen.body), seen.status, _some(seen.headers, *_OF_A_FAULT))
    shown = seen.status == _OK
    headers = {"Location": error.location, "ETag": error.etag, "Idempotency-Replayed": "true"}
    if shown:
        headers |= {name: seen.headers.get(name) for name in ("ETag", "Content-Type")}
    return Response(bytes(seen.body) if shown else None, error.status, _some(headers, *headers))


@dataclass(slots=True)
class _Seen:
    """What the reading was answered."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytearray = field(default_factory=bytearray)

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=message["headers"])
        else:
            self.body += message.get("body", b"")


def _asking(request: Request, address: str) -> dict[str, Any]:
    headers = [(name, value) for name, value in request.headers.raw if name in _OF_WHO_ASKS]
    return {
        **{name: request.scope[name] for name in _OF_THE_CONNECTION},
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _some(headers: Mapping[str, str | None], *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := headers.get(name))}


def _upwards(path: str) -> Iterator[str]:
    """A path and those above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _takes_a_key(dependant: Dependant) -> bool:
    return any(field.alias == HEADER_NAME for field in dependant.header_params) or any(
        _takes_a_key(inner) for inner in dependant.dependencies
    )
