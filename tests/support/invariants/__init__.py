"""One mechanical checker per promise, over plain records of what happened.

Each names the breaches it finds, and an empty list is the proof. None of them asks a server: who
gathers the records decides whether they come from a real broker or from a simulated one.
"""

from typing import NamedTuple

Position = tuple[int, int]
"""Epoch and sequence."""


class Said(NamedTuple):
    """An event as a log, a topic or a copy has it."""

    key: str
    position: Position
    id: str
