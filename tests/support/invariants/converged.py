"""I9: a copy is what one would be that is built anew from the topic."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from shared.streams.codec import Event
from shared.streams.copies import Copy


def unequal(copy: Iterable[Hashable], rebuilt: Iterable[Hashable]) -> list[str]:
    """The rows that only one of the two has, each as often as it has them."""
    mine, anew = Counter(copy), Counter(rebuilt)
    return [
        *(f"only the copy has {row}" for row in (mine - anew).elements()),
        *(f"only a rebuild has {row}" for row in (anew - mine).elements()),
    ]


def rebuilt(copy: Copy[Any], events: Sequence[Event[Any]]) -> list[tuple[Hashable, ...]]:
    """The rows that a copy would have: its id, what it keeps, epoch, sequence and event id."""
    newest: dict[str, Event[Any]] = {}
    for event in events:
        if event.key not in newest or newest[event.key].position < event.position:
            newest[event.key] = event
    return [
        (
            event.key,
            *(_plain(getattr(event.data, name)) for name in copy.keep),
            *event.position,
            event.id,
        )
        for event in newest.values()
        if event.data is not None
    ]


def _plain(value: object) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
