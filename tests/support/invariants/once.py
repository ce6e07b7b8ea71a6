"""I4: the effect of an event happens once, however often it is delivered."""

from collections import Counter
from collections.abc import Collection, Iterable


def repeated(effects: Iterable[str], committed: Collection[str]) -> list[str]:
    """The events, by their ids, that took effect more than once or were never committed."""
    counted = Counter(effects)
    return [
        *(f"{each} took effect {count} times" for each, count in counted.items() if count > 1),
        *(f"{each} took effect and was never committed" for each in counted.keys() - {*committed}),
    ]
