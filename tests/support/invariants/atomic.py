"""I2: a change and its event are one; neither is there without the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping


def orphans(versions: Mapping[str, int], logged: Iterable[tuple[str, int]]) -> list[str]:
    """Join the version of each aggregate with the sequences that the log has of it."""
    sequences: dict[str, list[int]] = defaultdict(list)
    for key, seq in logged:
        sequences[key].append(seq)
    return [
        f"{key} is at {versions.get(key, 0)} and its log has {sorted(sequences[key])}"
        for key in sorted({*versions, *sequences})
        if sorted(sequences[key]) != list(range(1, versions.get(key, 0) + 1))
    ]
