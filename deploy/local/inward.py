"""Asks an app of the ecosystem for something else than the client asked the front for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT: Final = (
    "type", "asgi", "http_version", "method", "scheme", "query_string", "client", "server",
    "extensions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inward:
    """The answer of an app at another path, to the same question with other headers."""

    app: ASGIApp
    path: str
    more: Sequence[tuple[bytes, bytes]] = ()
    """Headers that take the place of those of the client."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        ours = {name for name, _ in self.more}
        headers = [(name, text) for name, text in scope["headers"] if name not in ours]
        inner = {name: scope[name] for name in _KEPT if name in scope}
        inner |= {"path": self.path, "raw_path": self.path.encode(), "root_path": "", "state": {}}
        await self.app({**inner, "headers": [*headers, *self.more]}, receive, send)
