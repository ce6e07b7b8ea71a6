"""What clients did and were told, written down line by line: the evidence that checkers judge.

An outcome has three values. A request that broke off may have been done or not, and a history that
called it a failure would hide a loss, or see one where there is none.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from uuid import uuid4


class Outcome(StrEnum):
    """How a client's operation ended, as far as the client knows."""

    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a client did; `start` and `end` are seconds of the monotonic clock."""

    id: str
    kind: str
    start: float
    end: float
    outcome: Outcome
    ids: tuple[str, ...]
    """What it made or changed, or would have."""


@dataclass
class Attempt:
    """An operation under way; nobody knows how it ended until somebody says so."""

    ids: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.UNKNOWN

    def ok(self, *ids: str) -> None:
        """Note that it was acknowledged."""
        self.outcome = Outcome.OK
        self.ids += ids

    def fail(self, *ids: str) -> None:
        """Note that it was refused: nothing of it may be there."""
        self.outcome = Outcome.FAIL
        self.ids += ids


class Recorder:
    """Appends operations to a file of JSON lines, each as soon as it has ended."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def operation(self, kind: str, *ids: str) -> Iterator[Attempt]:
        """Record the block; its outcome is unknown unless the block says otherwise."""
        attempt, start = Attempt(list(ids)), time.monotonic()
        try:
            yield attempt
        finally:
            self._write(kind, start, attempt)

    def _write(self, kind: str, start: float, attempt: Attempt) -> None:
        ids, end = tuple(attempt.ids), time.monotonic()
        operation = Operation(str(uuid4()), kind, start, end, attempt.outcome, ids)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(operation)) + "\n")


def history_of(file: Path) -> list[Operation]:
    """Read a recorded history. Raises ValueError for a line that is none."""
    return [_operation(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _operation(line: str) -> Operation:
    row = json.loads(line)
    return Operation(**{**row, "outcome": Outcome(row["outcome"]), "ids": tuple(row["ids"])})
