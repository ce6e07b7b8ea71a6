"""What every answer says about itself, whatever it answers; and who may read it in a browser."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_IN_PRODUCTION: Final = {"Strict-Transport-Security": "max-age=63072000"}
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_TAKEN: Final = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Traceparent",
)  # fmt: skip
_EXPOSED: Final = (
    "ETag", "Link", "Location", "Retry-After", "Idempotency-Replayed", "Content-Language",
)  # fmt: skip


class SafeAnswers:
    """Adds the headers that keep a browser from doing with an answer what nobody meant."""

    def __init__(self, app: ASGIApp, *, production: bool) -> None:
        self._app = app
        self._headers = _ALWAYS | _IN_PRODUCTION if production else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add to each answer what it does not say itself."""

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, safe)


def for_browsers(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """Let pages of these origins, and no others, read the answers (CORS)."""
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=_METHODS,
        allow_headers=_TAKEN,
        expose_headers=_EXPOSED,
        max_age=600,
    )
