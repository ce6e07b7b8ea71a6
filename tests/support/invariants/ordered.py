"""I5: each aggregate keeps its order, on the topic and in whatever was made of it."""

from collections import defaultdict
from collections.abc import Iterable

from tests.support.invariants import Position, Said
from tests.support.invariants.delivered import last_of


def out_of_order(said: Iterable[Said]) -> list[str]:
    """The keys whose first occurrences on a topic, before compaction, are not 1, 2, 3 and so on."""
    first: dict[str, dict[int, None]] = defaultdict(dict)
    for event in said:
        first[event.key].setdefault(event.position[1])
    return [
        f"{key} was said as {list(found)}"
        for key, found in first.items()
        if list(found) != list(range(1, len(found) + 1))
    ]


def misled_by_compaction(committed: Iterable[Said], said: Iterable[Said]) -> list[str]:
    """The keys of which a compacted topic would keep anything but the last state."""
    kept = {event.key: event.id for event in said}
    return [
        f"{key} ends as {kept.get(key)} and is {event.id}"
        for key, event in last_of(committed).items()
        if kept.get(key) != event.id
    ]


def fallen(applied: Iterable[tuple[str, Position]]) -> list[str]:
    """The keys whose applied position did not rise with every effect, in the order of commits."""
    highest: dict[str, Position] = {}
    found = []
    for key, position in applied:
        if key in highest and position <= highest[key]:
            found.append(f"{key} went from {highest[key]} to {position}")
        highest[key] = position
    return found
