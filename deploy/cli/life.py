"""`sinergi up`, `down` and `reset`: the life of the ecosystem of this checkout."""

import os
import shutil
import time
from enum import StrEnum
from typing import Annotated

import typer

from deploy.cli.speaking import console, fail, plainly
from deploy.local.checkout import GIVEN, HOME, ask_to_stop, held, wished_port

_DOWN_S = 90.0
_PAUSE_S = 0.1


class Mode(StrEnum):
    """How the services run."""

    ONE = "one"
    PROCESSES = "processes"


def up(
    mode: Annotated[
        Mode,
        typer.Option(envvar="MODE", help="One process for everything, or eight as in a cluster."),
    ] = Mode.ONE,
) -> None:
    """Start everything and stay until Ctrl-C.

    PostgreSQL, Kafka, the four services, demo data and the page at http://127.0.0.1:8080.
    What is stored is kept under `.sinergi/` for the next start.

    Try it:

    - `sinergi up`
    - `SINERGI_PORT=9000 sinergi up`
    - `MODE=processes sinergi up`
    """
    from deploy.local.launching import launch  # noqa: PLC0415 (loads every service)

    with plainly():
        launch(mode.value, wished_port(), console, HOME)


def down() -> None:
    """Stop what `sinergi up` started in this folder, from another terminal.

    Try it:

    - `sinergi down`
    """
    if not held(HOME):
        console.print("Nothing runs in this folder.")
        return
    pid = ask_to_stop(HOME)
    if pid is None:
        fail("It is only just starting; try again in a moment.")
    deadline = time.monotonic() + _DOWN_S
    with console.status("Stopping, in order…"):
        while held(HOME):
            if time.monotonic() > deadline:
                fail(f"It has not stopped within {_DOWN_S:.0f} s; its process id is {pid}.")
            time.sleep(_PAUSE_S)
    console.print("Stopped.")


def reset(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop what runs and throw away all data of this folder: databases, topics, keys. It asks.

    A server that SINERGI_POSTGRES_URL or SINERGI_KAFKA gives is not touched.

    Try it:

    - `sinergi reset`
    - `sinergi reset --yes`
    """
    if not HOME.exists():
        console.print("There is nothing to throw away.")
        return
    if not yes:
        typer.confirm("Throw away every database, topic and key of this folder?", abort=True)
    if held(HOME):
        down()
    _forget()
    console.print("What was kept in this folder is gone.")
    given = [name for name in GIVEN.values() if os.environ.get(name)]
    if given:
        console.print(f"What the server of {' and of '.join(given)} keeps was not touched.")
    else:
        console.print("The next `sinergi up` starts from demo data.")


def _forget() -> None:
    from deploy.local.containers import (  # noqa: PLC0415 (loads the engine's client)
        engine_answers,
        kept_in_volumes,
        remove_volumes,
    )

    if engine_answers():
        remove_volumes(HOME)
    elif kept_in_volumes(HOME):
        fail("The data is in volumes of a container engine, and none answers: start it first.")
    shutil.rmtree(HOME)
