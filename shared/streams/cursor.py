"""Where a reader of the log stands: which snapshot is done, and how far the next one is.

Pure transitions; `relay.py` does the reading, sending and remembering.
"""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Snapshot:
    """PostgreSQL's pg_snapshot: what was committed when a statement looked."""

    xmin: int
    xmax: int
    xip: tuple[int, ...]

    @classmethod
    def of(cls, value: tuple[int, int, tuple[int, ...]]) -> Self:
        """Take what the driver decodes a pg_snapshot to."""
        xmin, xmax, xip = value
        return cls(xmin, xmax, tuple(xip))

    def as_record(self) -> tuple[int, int, tuple[int, ...]]:
        """Give what the driver encodes as a pg_snapshot."""
        return self.xmin, self.xmax, self.xip


BEGINNING = Snapshot(1, 1, ())
"""The snapshot before the first transaction: a reader that stands here reads everything."""


@dataclass(frozen=True, slots=True)
class SnapshotCursor:
    """Everything visible in `done` is delivered; of `target`, everything up to `last_id`."""

    done: Snapshot = BEGINNING
    target: Snapshot | None = None
    last_id: int = 0

    def after(self, ids: list[int], seen: Snapshot, size: int) -> Self:
        """The cursor once these rows, read in a slice of at most `size`, are delivered.

        `seen` is the snapshot of the statement that read them; it matters for a fresh slice only.
        A full slice means that the snapshot may show more, so it becomes, or stays, the target.
        """
        target = self.target or seen
        if len(ids) < size:
            return replace(self, done=target, target=None, last_id=0)
        return replace(self, target=target, last_id=ids[-1])
