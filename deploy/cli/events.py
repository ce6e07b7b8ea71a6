"""`sinergi events tail`: the events of a topic, line by line, as they come."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from deploy.cli.speaking import bar, complaints, console, fail, hush, what_runs
from deploy.local.checkout import HOME, SERVICES, Running

if TYPE_CHECKING:
    from deploy.local.announcements import Announcement

app = typer.Typer(help="Look at the events of the ecosystem.", no_args_is_help=True)

_SHORT_ID = 8


@app.callback()
def events() -> None:
    """Look at the events of the ecosystem."""


@app.command()
def tail(
    topic: Annotated[str, typer.Argument(help="Such as registry.enterprise; .v1 may be left out.")],
    *,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Every event that the topic still has.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, for other programs.")
    ] = False,
) -> None:
    """Show the events of a topic as they come, until Ctrl-C.

    A topic holds the last state of each aggregate; an older event may be compacted away.

    Try it:

    - `sinergi events tail registry.enterprise`
    - `sinergi events tail registry.unit --from-beginning`
    - `sinergi events tail registry.enterprise --json | jq .data.trade_name`
    """
    name = _known(topic)
    here = what_runs(HOME)
    from deploy.local.announcements import UNREACHABLE  # noqa: PLC0415 (loads the Kafka client)

    try:
        asyncio.run(_follow(here.kafka, name, from_beginning=from_beginning, as_json=as_json))
    except KeyboardInterrupt:
        return
    except BrokenPipeError:
        hush()
    except UNREACHABLE as failure:
        fail(f"Kafka does not answer ({type(failure).__name__}); `sinergi doctor` looks further.")


def _known(topic: str) -> str:
    from shared.events import TOPICS  # noqa: PLC0415 (loads pydantic)

    names = {name: known for known in TOPICS for name in (known, known.rpartition(".")[0])}
    if topic not in names:
        fail(f"There is no topic {topic!r}. There are: {', '.join(TOPICS)}.")
    return names[topic]


async def _follow(kafka: str, topic: str, *, from_beginning: bool, as_json: bool) -> None:
    from deploy.local.announcements import read, reading  # noqa: PLC0415 (loads the Kafka client)

    async with reading(kafka, [topic]) as reader:
        if from_beginning:
            await reader.go_back()
        while True:
            for record in await reader.poll():
                if (announcement := read(record)) is None:
                    place = f"partition {record.partition}, offset {record.offset}"
                    complaints.print(f"[yellow]![/] no event of this topic: {place}")
                    continue
                _show(announcement, as_json=as_json)
            sys.stdout.flush()


def _show(announcement: "Announcement", *, as_json: bool) -> None:
    if as_json:
        told = {**asdict(announcement), "time": announcement.time.isoformat()}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    time = announcement.time.astimezone().strftime("%H:%M:%S.%f")[:-3]
    unit = announcement.unit[:_SHORT_ID]
    console.print(
        Text.assemble(
            (time, "dim"),
            (f" {announcement.what:<24}", "cyan"),
            f" {announcement.key} ",
            (f"#{announcement.sequence} {unit:<8} ", "dim"),
            (announcement.label, "bold"),
        ),
        soft_wrap=True,
    )


@app.command()
def republish(
    service: Annotated[
        str | None, typer.Option(help="One of the services, instead of all.")
    ] = None,
) -> None:
    """Send every event again, from the first, after Kafka lost what it had.

    Topics that are missing are created. The services go on meanwhile; whoever hears an event that
    they know changes nothing. If this command is broken off, the events go out all the same.

    Try it:

    - `sinergi events republish`
    - `sinergi events republish --service registry`
    """
    if service is not None and service not in SERVICES:
        fail(f"There is no service of this name. There are: {', '.join(SERVICES)}.")
    here = what_runs(HOME)
    asyncio.run(_republish(here, [service] if service else SERVICES))


async def _republish(here: Running, services: Sequence[str]) -> None:
    from deploy.local.announcements import UNREACHABLE  # noqa: PLC0415 (these load the clients)
    from deploy.local.preparing import ensure_all_topics  # noqa: PLC0415
    from shared.streams.republishing import NothingSent  # noqa: PLC0415
    from shared.streams.republishing import republish as send_again  # noqa: PLC0415

    try:
        await ensure_all_topics(here.kafka)
    except UNREACHABLE as failure:
        fail(f"Kafka does not answer ({type(failure).__name__}); `sinergi doctor` looks further.")
    for name in services:
        complaints.print(f"{name}: its relay is to send everything again")
        try:
            with bar("events") as shown:
                count = await send_again(here.databases[name], name, partial(shown, name))
        except NothingSent as reason:
            fail(
                f"{name}: {reason}; its worker sends all of it once it gets on (`sinergi doctor`)."
            )
        console.print(f"[green]✔[/] {name}: {count:,} events are on Kafka again")
