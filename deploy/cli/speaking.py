"""How the command speaks: results on standard output, refusals in one sentence on the other."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from deploy.local.checkout import Running, held, running
from deploy.local.refusals import CannotStart


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command whether it is a failure that nobody listens any more."""
        raise  # noqa: PLE0704 (it is called while the error is handled)


console = _Console()
complaints = _Console(stderr=True)


def fail(sentence: str) -> NoReturn:
    """Say why it cannot be done and end with status 1.

    Raises:
        Exit: always.

    """
    complaints.print(Text.assemble(("✘", "red"), f" {sentence}"), soft_wrap=True)
    raise typer.Exit(1)


def hush() -> None:
    """Say nothing more: who listened to standard output has left, and that is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def plainly() -> Iterator[None]:
    """Say in one sentence why the ecosystem cannot start or this folder cannot be used.

    Raises:
        Exit: it cannot.

    """
    try:
        yield
    except CannotStart as refusal:
        fail(str(refusal))
    except OSError as failure:
        fail(f"This folder cannot be used: {failure.filename}: {failure.strerror}.")


def what_runs(home: Path) -> Running:
    """Return the ecosystem of the folder, without which the command is of no use.

    Raises:
        Exit: nothing runs, or it is still starting.

    """
    here = running(home)
    if here is None and held(home):
        fail("It is still starting: try again when it says that it is up.")
    if here is None:
        fail("Nothing runs in this folder: start it with `make up`, then try again.")
    return here


@contextmanager
def bar(unit: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show how far something is, for as long as it takes: what, how many are done, of how many."""
    with Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=complaints,
        transient=True,
    ) as shown:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[what], completed=done, total=total)

        yield show
