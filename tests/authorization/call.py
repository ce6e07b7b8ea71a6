"""One request that asks for an operation on what is at a site."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.authorization.world import Site, World


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent; `shows` is what a list must show exactly when it is within reach."""

    method: str
    path: str
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    shows: UUID | None = None


Recipe = Callable[[World, Site], Awaitable[Call]]
"""Makes ready what an operation needs at a site, and says how to ask for it."""
