"""Who keeps a copy of what is said, and who acts on it, as the services declare it."""

import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.events.state import State


@dataclass(frozen=True)
class Listeners:
    """The services that listen to a topic."""

    keep: tuple[str, ...]
    act: tuple[str, ...]


def listeners(state: type[State], services: Sequence[str]) -> Listeners:
    """Find who listens among these services, in their order."""
    return Listeners(
        keep=tuple(name for name in services if state in _kept(name)),
        act=tuple(name for name in services if state in _acted_on(name)),
    )


def _kept(service: str) -> set[type[State]]:
    return {copy.state for copy in _declared(f"services.{service}.copies", "COPIES")}


def _acted_on(service: str) -> set[type[State]]:
    return set(_declared(f"services.{service}.reactions", "REACTIONS"))


def _declared(module: str, name: str) -> Iterable[Any]:
    """What a module declares under a name; nothing if there is no such module."""
    if importlib.util.find_spec(module) is None:
        return ()
    found: Iterable[Any] = getattr(importlib.import_module(module), name)
    return found
