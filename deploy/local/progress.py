"""Shows what the launcher is doing: live on a terminal, plain lines anywhere else."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from deploy.local.telling import Tell


class Stopped(Exception):
    """Somebody wants it to end before the next step."""


class _Seconds(ProgressColumn):
    """How long a step has taken so far."""

    def render(self, task: Task) -> Text:
        """Return it with one decimal."""
        spent = task.finished_time if task.finished else task.elapsed
        return Text(f"{spent or 0:.1f} s", style="dim")


class Steps:
    """Steps of which several may be under way at once, told about from any thread."""

    def __init__(self, console: Console, wish_to_stop: asyncio.Event | None = None) -> None:
        """Show them on this console, and take no new one when there is a wish to stop."""
        self._console = console
        self._wish_to_stop = wish_to_stop
        self._display = Progress(
            SpinnerColumn(finished_text="[green]✔[/]"),
            TextColumn("{task.description:<12}"),
            TextColumn("{task.fields[note]}", style="dim", markup=False),
            _Seconds(),
            console=console,
            disable=not console.is_terminal,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Keep the display alive while steps are taken."""
        with self._display:
            yield

    @contextmanager
    def step(self, title: str) -> Iterator[Tell]:
        """Take one step; what is told meanwhile stands beside its title.

        Raises:
            Stopped: there is a wish to stop.

        """
        if self._wish_to_stop is not None and self._wish_to_stop.is_set():
            raise Stopped
        started, told = time.monotonic(), [""]
        task = self._display.add_task(title, total=1, note="")

        def tell(note: str) -> None:
            told.append(note)
            self._display.update(task, note=note)

        try:
            yield tell
        except BaseException:
            self._display.remove_task(task)
            self._console.print(f"[red]✘[/] {title}")
            raise
        self._display.update(task, completed=1)
        if not self._console.is_terminal:
            spent = f"{time.monotonic() - started:.1f} s"
            self._console.print(Text(f"✔ {title:<12} {told[-1]} ({spent})"))
