"""`sinergi backup` and `sinergi restore`: everything that PostgreSQL has, to a folder and back."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.speaking import console, fail, plainly, what_runs
from deploy.local.checkout import HOME, SERVICES, the_only_one

if TYPE_CHECKING:
    from deploy.local.backups import Target
    from deploy.local.parts import Parts
    from deploy.local.progress import Steps


def backup(
    folder: Annotated[Path, typer.Argument(help="Where the backups are kept.")],
) -> None:
    """Write the databases of all services to a new folder in this one, while they are in use.

    The keyring is not in it: without `.sinergi/keyring.json`, to be kept elsewhere, nothing of a
    person can be read again. Beside the backups stands `erasures.jsonl`, the ids of those who were
    erased; it must be kept with them.

    Try it:

    - `sinergi backup /srv/backups`
    """
    here = what_runs(HOME)
    from deploy.local.backups import back_up  # noqa: PLC0415 (loads every client)

    with plainly(), console.status("Writing…") as status:
        databases = {service: service for service in SERVICES}
        made = asyncio.run(back_up(here.postgres, databases, folder.resolve(), status.update))
    console.print(f"[green]✔[/] {made}", soft_wrap=True)
    console.print(f"The keyring is not in it: keep {HOME / 'keyring.json'} elsewhere, and safe.")


def restore(
    folder: Annotated[Path, typer.Argument(help="One backup, as `sinergi backup` named it.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also when there is something already. It asks.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make a backup the truth from now on, for all who heard what came after it.

    What was said since is taken back: every service says its last states again, newer than what
    anyone heard. Whoever was erased since stays erased. Nothing may run meanwhile.

    Try it:

    - `sinergi restore /srv/backups/20261124T173500Z`
    - `sinergi restore /srv/backups/20261124T173500Z --replace`
    """
    from deploy.local.backups import examine  # noqa: PLC0415 (loads every client)

    with plainly(), the_only_one(HOME):
        made = examine(folder.resolve(), dict.fromkeys(SERVICES, ""))
        console.print(f"A backup of {made.made_at}, of PostgreSQL {made.postgresql}.")
        asyncio.run(_restore(folder.resolve(), replace=replace, yes=yes))
    console.print("What the backup has is the truth again; `make up` starts with it.")


async def _restore(folder: Path, *, replace: bool, yes: bool) -> None:
    from deploy.local.containers import engine_answers  # noqa: PLC0415 (these load the clients)
    from deploy.local.parts import find_kafka, find_postgres, start_together, stop_in_order  # noqa: PLC0415
    from deploy.local.progress import Steps  # noqa: PLC0415

    containers = engine_answers()
    postgres = find_postgres(HOME, containers=containers)
    kafka = find_kafka(HOME, containers=containers)
    steps = Steps(console)
    parts = await asyncio.to_thread(start_together, postgres, kafka)
    try:
        targets = await _targets(parts)
        await _refuse_to_replace(targets, replace=replace, yes=yes)
        with steps.shown():
            for target in targets:
                await _restore_one(target, folder, steps)
    finally:
        await asyncio.to_thread(stop_in_order, postgres, kafka)


async def _targets(parts: "Parts") -> "list[Target]":
    from deploy.local.backups import Target  # noqa: PLC0415 (these load the clients)
    from deploy.local.databases import ensure_databases  # noqa: PLC0415
    from deploy.local.preparing import ensure_all_topics  # noqa: PLC0415
    from shared.migrations.roles import Roles  # noqa: PLC0415

    await ensure_databases(parts.postgres_url, SERVICES, HOME / "passwords.json")
    await ensure_all_topics(parts.kafka)
    return [
        Target(parts.postgres_url, name, name, Roles.of(name), parts.kafka) for name in SERVICES
    ]


async def _refuse_to_replace(targets: "list[Target]", *, replace: bool, yes: bool) -> None:
    from deploy.local.backups import exists  # noqa: PLC0415 (loads every client)

    there = [target.service for target in targets if await exists(target)]
    if not there:
        return
    if not replace:
        fail(f"There is something already ({', '.join(there)}); --replace would throw it away.")
    if not yes:
        typer.confirm(f"Throw away what {', '.join(there)} have now?", abort=True)


async def _restore_one(target: "Target", folder: Path, steps: "Steps") -> None:
    from deploy.local.backups import restore as put_back  # noqa: PLC0415 (loads every client)

    with steps.step(target.service) as tell:
        said = await put_back(target, folder, tell)
        tell(f"{said.states:,} states said again, {said.retracted:,} taken back")
