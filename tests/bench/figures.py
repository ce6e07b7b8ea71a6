"""What a benchmark found, and how it is shown."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison: ours and the bare one, the medians of several rounds, in the same unit."""

    name: str
    unit: str
    ours: Sequence[float]
    bare: Sequence[float]
    goal: str
    compare: str = "ratio"

    @property
    def result(self) -> str:
        """The ratio of the medians, or their difference for a latency."""
        ours, bare = statistics.median(self.ours), statistics.median(self.bare)
        if self.compare == "difference":
            return f"{ours - bare:+.1f} {self.unit}"
        return f"{ours / bare:.2f}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that has no bare counterpart; compare it with itself only."""

    name: str
    unit: str
    values: Sequence[float]


def show(figures: Sequence[Figure], readings: Sequence[Reading]) -> None:
    """Print all of it as one table."""
    table = Table(title="Medians of one run; absolute values only serve the ratio")
    for heading in ("what", "ours", "bare", "unit", "result", "goal"):
        table.add_column(heading)
    for figure in figures:
        table.add_row(
            figure.name,
            _spread(figure.ours),
            _spread(figure.bare),
            figure.unit,
            figure.result,
            figure.goal,
        )
    for reading in readings:
        table.add_row(reading.name, _spread(reading.values), "", reading.unit, "", "")
    Console(width=140).print(table)


def _spread(values: Sequence[float]) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.1f} ({low:,.1f}-{high:,.1f})"
