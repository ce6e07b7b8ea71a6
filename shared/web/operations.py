"""One thing that can be asked of a service: read strictly, answered as the client can take it.

Every router is made with `route_class=Operation`.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import ClientDisconnect

from shared.access.web import let_in
from shared.refusals import Malformed, NotAcceptable, TooLarge, UnsupportedMedia
from shared.web.bodies import LONGEST_TEXT, Lax, begins_with_a_mark, read, refuse_lax
from shared.web.negotiation import content_type, media_type
from shared.web.queries import parameters, refuse_strangers

_JSON = ("application/json", "utf-8")
_LONGEST_LENGTH = 15

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Read(Request):
    """A request whose body was read as JSON."""

    value: Any = None

    async def json(self) -> Any:  # noqa: ANN401 (JSON may be anything)
        """What the body says."""
        return self.value


class Operation(APIRoute):
    """A route that knows who asks before it reads, and refuses what is ambiguous.

    Raises Lax and LaxParameter when it would take more than it declares.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:  # noqa: ANN401 (as FastAPI has them)
        super().__init__(path, endpoint, **given)
        self._longest_text = LONGEST_TEXT
        if self.body_field is not None:
            command: Any = self.body_field.field_info.annotation
            refuse_lax(command)
            self._longest_text = command.longest_text
        self._known = frozenset(parameters(self.dependant))
        content = self.responses.get(200, {}).get("content", {})
        self.offers = (_JSON[0], *content)
        """The media types of its answer."""

    def get_route_handler(self) -> Handler:
        """Stand before the framework's own handler."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            await let_in(request)  # before anything is read of what a stranger sends
            refuse_strangers(request.scope["query_string"], self._known)
            if media_type(_joined(request, "accept"), self.offers) is None:
                raise NotAcceptable("Accept application/json, which every answer can be had in.")
            _refuse_size(request)
            if self.body_field is not None:
                request = await _read(request, self._longest_text)
            return await handle(request)

        return strictly


def refuse_others(router: APIRouter) -> None:
    """Raise Lax when a route of the router is no Operation."""
    for route in router.routes:
        if not isinstance(route, Operation):
            message = f"{route} is no Operation; make its router with route_class=Operation"
            raise Lax(message)


async def _read(request: Request, longest_text: int) -> Request:
    """Read the body. Raises UnsupportedMedia, Malformed, Invalid."""
    if len(request.headers.getlist("content-type")) > 1:
        raise UnsupportedMedia("Send one Content-Type header.")
    if content_type(request.headers.get("content-type", "")) != _JSON:
        raise UnsupportedMedia("Send the body as application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the body as it is, not compressed.")
    taken = _Read(request.scope, request.receive)
    try:
        body = await taken.body()
    except ClientDisconnect:
        raise Malformed("The body did not arrive whole. Send it again.") from None
    if begins_with_a_mark(body):
        raise UnsupportedMedia("Send the body without a byte order mark.")
    if body:
        taken.value = read(body, longest_text)
    return taken


def _refuse_size(request: Request) -> None:
    """Refuse by what the client says of the body, before any of it is taken or acted upon."""
    limit = request.scope.get(MAX_BODY_SIZE_SCOPE_KEY)
    length = request.headers.get("content-length", "0")
    if limit is None or not length.isdecimal():
        return
    if len(length) > _LONGEST_LENGTH or int(length) > limit:
        raise TooLarge("The body has more bytes than this operation takes.")


def _joined(request: Request, name: str) -> str:
    return ", ".join(request.headers.getlist(name))
