"""`sinergi vault rotate`: replaces the keys under which the services keep persons."""

import asyncio
from enum import StrEnum
from functools import partial
from importlib import import_module
from importlib.util import find_spec
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

from deploy.cli.speaking import complaints, console, fail, what_runs
from deploy.local.checkout import HOME, SERVICES, Running

app = typer.Typer(help="Look after the keys of persons.", no_args_is_help=True)


class Keys(StrEnum):
    """Which keys are replaced."""

    EPOCH = "epoch"
    INDEX = "index"


@app.callback()
def vault() -> None:
    """Look after the keys of persons."""


@app.command()
def rotate(
    keys: Annotated[Keys, typer.Argument(help="Those that wrap, or those that find.")],
) -> None:
    """Replace the keys of every vault while it is in use, and destroy the old ones.

    Every person's key is wrapped anew under the key of a new epoch; or everything that persons
    are found by is computed anew. What was interrupted goes on when it is repeated. Whoever was
    erased stays erased.

    Try it:

    - `sinergi vault rotate epoch`
    - `sinergi vault rotate index`
    """
    here = what_runs(HOME)
    for service in _with_vault():
        asyncio.run(_rotate(here, service, keys))
        console.print(f"[green]✔[/] {service}: its {keys.value} key is a new one")


def _with_vault() -> list[str]:
    return [name for name in SERVICES if find_spec(f"services.{name}.vault")]


async def _rotate(here: Running, service: str, keys: Keys) -> None:
    from deploy.local.keyring import NAME  # noqa: PLC0415
    from shared.refusals import Unavailable  # noqa: PLC0415 (these load the clients)
    from shared.vault.command import rotate as replace  # noqa: PLC0415
    from shared.vault.keyring import Keyring, KeyringRefused  # noqa: PLC0415

    module = import_module(f"services.{service}.vault")
    try:
        keyring = Keyring.open(HOME / NAME, service, environment="development")
        with _bar() as bar:
            show = partial(_show, bar, bar.add_task(service, total=None))
            vault = module.open_vault(keyring)
            await replace(vault, here.databases[service], keys.value, show)
    except (Unavailable, KeyringRefused, OSError) as reason:
        fail(f"The keys of {service} are not all replaced: {reason}")


def _show(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("persons"),
        TimeRemainingColumn(),
        console=complaints,
        transient=True,
    )
