"""I3: every committed event reaches the topic, and every group the last state of each key."""

from collections.abc import Iterable, Mapping

from tests.support.invariants import Said


def undelivered(committed: Iterable[Said], said: Iterable[Said]) -> list[str]:
    """The committed events that are on no topic, and those on a topic that nobody committed."""
    real, told = ({event.id: event for event in events} for events in (committed, said))
    return [
        *(f"{real[each]} is on no topic" for each in sorted(real.keys() - told.keys())),
        *(f"{told[each]} was never committed" for each in sorted(told.keys() - real.keys())),
    ]


def unheard(committed: Iterable[Said], kept: Mapping[str, str]) -> list[str]:
    """The keys whose last event is not the one that a copy has, by its id."""
    return [
        f"{key} was heard as {kept.get(key)} and is {event.id}"
        for key, event in sorted(last_of(committed).items())
        if kept.get(key) != event.id
    ]


def last_of(events: Iterable[Said]) -> dict[str, Said]:
    """The newest event of each key, whatever order they come in."""
    last: dict[str, Said] = {}
    for event in events:
        if event.key not in last or last[event.key].position < event.position:
            last[event.key] = event
    return last
