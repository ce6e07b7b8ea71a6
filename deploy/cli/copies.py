"""`sinergi copies rebuild`: builds what a service keeps of others' topics anew, beside the old."""

import asyncio
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.speaking import bar, console, fail, what_runs
from deploy.local.checkout import HOME, SERVICES, Running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.streams.copies import Copy

app = typer.Typer(help="Look after what the services keep of each other.", no_args_is_help=True)


@app.callback()
def copies() -> None:
    """Look after what the services keep of each other."""


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="Whose copies.")],
    copy: Annotated[str | None, typer.Argument(help="One of them, such as enterprise.")] = None,
) -> None:
    """Build copies anew from the beginning of their topics, and change places in one moment.

    The service answers and listens on meanwhile. Nothing is reacted to again. If this command is
    broken off, everything is as it was.

    Try it:

    - `sinergi copies rebuild mentoring`
    - `sinergi copies rebuild mentoring enterprise`
    """
    found = {each.table.name.removesuffix("_copy"): each for each in _copies(service)}
    if copy is not None and copy not in found:
        fail(f"{service} keeps no such copy. It keeps: {', '.join(found)}.")
    here = what_runs(HOME)
    asyncio.run(_rebuild(here, service, [found[copy]] if copy else list(found.values())))


def _copies(service: str) -> "Sequence[Copy[Any]]":
    if service not in SERVICES:
        fail(f"There is no service of this name. There are: {', '.join(SERVICES)}.")
    if find_spec(f"services.{service}.copies") is None:
        fail(f"{service} keeps no copies.")
    kept: Sequence[Copy[Any]] = import_module(f"services.{service}.copies").COPIES
    return kept


async def _rebuild(here: Running, service: str, wanted: "Sequence[Copy[Any]]") -> None:
    from deploy.local.databases import beside  # noqa: PLC0415 (these load the clients)
    from shared.migrations.roles import Roles  # noqa: PLC0415
    from shared.streams.rebuilding import NothingToBuildFrom  # noqa: PLC0415
    from shared.streams.rebuilding import rebuild as build  # noqa: PLC0415

    for each in wanted:
        name = each.table.name
        try:
            with bar("records") as shown:
                count = await build(
                    beside(here.postgres, service),
                    here.kafka,
                    copy=each,
                    group=service,
                    roles=Roles.of(service),
                    progress=partial(shown, name),
                )
        except (OSError, NothingToBuildFrom) as reason:
            fail(f"{name} was not built anew: {reason}")
        console.print(f"[green]✔[/] {name}: {count:,} rows")
