"""`sinergi audit verify`: reads every audit trail again, against its seals and Kafka."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from deploy.cli.speaking import complaints, console, fail, what_runs
from deploy.local.checkout import HOME, SERVICES, Running

app = typer.Typer(help="Look after the audit trails.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Look after the audit trails."""


@app.command()
def verify(
    service: Annotated[
        str | None, typer.Option(help="One of the services, instead of all.")
    ] = None,
) -> None:
    """Find out whether anything in the audit trails was changed; status 1 when something was.

    Every entry is read again and hashed, block by block, and each block is compared with what was
    announced of it on Kafka. The first flaw is named. Let it run at least once a month: a topic
    forgets an older announcement of the same block after thirty days.

    Try it:

    - `sinergi audit verify`
    - `sinergi audit verify --service registry`
    """
    if service is not None and service not in SERVICES:
        fail(f"There is no service of this name. There are: {', '.join(SERVICES)}.")
    here = what_runs(HOME)
    if not asyncio.run(_verify(here, [service] if service else SERVICES)):
        raise typer.Exit(1)


async def _verify(here: Running, services: Sequence[str]) -> bool:
    from shared.audit.verification import CannotVerify, verify  # noqa: PLC0415 (loads the clients)

    sound = True
    for service in services:
        with _bar() as bar:
            show = partial(_show, bar, bar.add_task(service, total=None))
            try:
                verdict = await verify(service, here.databases[service], here.kafka, show)
            except CannotVerify as reason:
                fail(str(reason))
        mark = ("✔", "green") if verdict.flaw is None else ("✘", "red")
        console.print(Text.assemble(mark, f" {verdict}"), soft_wrap=True)
        sound = sound and verdict.flaw is None
    return sound


def _show(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("entries"),
        TimeRemainingColumn(),
        console=complaints,
        transient=True,
    )
