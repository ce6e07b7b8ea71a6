"""Where a reader of the log stands: which snapshot is done, and how far the next one is.

Pure transitions; `slices.py` does the reading, and who reads does the remembering.
"""

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self


class Row(Protocol):
    """What gives its columns by their names: a row as the driver has it, or a dict."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 (a column may hold anything)
        """The column's value."""


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

    def __str__(self) -> str:
        """Write it as PostgreSQL does: `xmin:xmax:xip`, the last with commas."""
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.xip))}"

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

    @classmethod
    def of(cls, row: Row) -> Self:
        """Take `done`, `target` and `last_id` of a row as the driver decodes them."""
        target = row["target"]
        return cls(Snapshot.of(row["done"]), target and Snapshot.of(target), row["last_id"])

    def after(self, ids: list[int], seen: Snapshot, size: int) -> Self:
        """The cursor once these rows, read in a slice of at most `size`, are delivered.

        `seen` is the snapshot of the statement that read them; it matters for a fresh slice only.
        A full slice means that the snapshot may show more, so it becomes, or stays, the target.
        """
        target = self.target or seen
        if len(ids) < size:
            return replace(self, done=target, target=None, last_id=0)
        return replace(self, target=target, last_id=ids[-1])
