"""`sinergi doctor`: what runs, where, in which version, and how far behind anything is."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from deploy.cli.speaking import console, what_runs
from deploy.local.checkout import HOME, held, running


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False
) -> None:
    """Examine what runs in this folder; status 1 when something is down.

    The age of a log is how long its oldest event has been waiting for Kafka, and the delivery lag
    how long the last one that was sent took to get there. The lag of a copy is how many events of
    the topic it has not taken in yet, and how old the first of them is. A held partition waits for
    a part that is away; it goes on by itself.

    Try it:

    - `sinergi doctor`
    - `sinergi doctor --json | jq .services.registry`
    """
    if as_json and running(HOME) is None:
        typer.echo(json.dumps({"running": False, "starting": held(HOME)}))
        raise typer.Exit(1)
    here = what_runs(HOME)
    from deploy.local.examination import examine  # noqa: PLC0415 (loads the database clients)

    found = asyncio.run(examine(here, HOME))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _show(found)
    if not found["healthy"]:
        raise typer.Exit(1)


def _show(found: dict[str, Any]) -> None:
    parts = Table(title="Parts", title_justify="left")
    for name in ("", "state", "version", "address", "source"):
        parts.add_column(name)
    for name, part in found["parts"].items():
        state, version = _state(up=part["up"]), part["version"] or "unknown"
        parts.add_row(name, state, *map(Text, (version, part["address"], part["source"])))
    console.print(parts, _services(found["services"]), _held(found["services"]))
    console.print(Text(f"Mode: {found['mode']}; process {found['pid']}"))


def _services(found: dict[str, Any]) -> Table:
    table = Table(title="Services", title_justify="left")
    words = ("", "state", "worker")
    for name in (*words, "events,\nage of\nthe log", "delivery\nlag"):
        table.add_column(name, justify="left" if name in words else "right")
    table.add_column("lag of\nits copies", overflow="fold")
    table.add_column("parked\nkeys")
    for name, service in found.items():
        table.add_row(
            name,
            _state(up=service["up"]),
            _state(up=service["worker_up"]),
            _number(service["undelivered"], "{:,}")
            + f", {_number(service['log_age_s'], '{:.1f} s')}",
            _delivery(service),
            _lags(service["copies"], service["copies_lag_s"]),
            _parked(service["parked"]),
        )
    return table


def _delivery(service: dict[str, Any]) -> str:
    """How long the last events took; `-` when a worker that answers has sent none."""
    told = service["held"] is None or service["delivery_lag_s"] is not None
    return _number(service["delivery_lag_s"], "{:.3f} s") if told else "-"


def _lags(copies: dict[str, int | None], late: dict[str, float | None]) -> str:
    """Name the copies that are behind, and by what; when none is, how many there are."""
    behind = [
        f"{topic.rpartition('.')[0]} {_number(lag, '{:,}')}, {_number(late[topic], '{:.1f} s')}"
        for topic, lag in copies.items()
        if lag != 0
    ]
    return "\n".join(behind) or f"0 in all {len(copies)}"


def _parked(keys: dict[str, int] | None) -> str:
    """Name the states of keys that wait; `sinergi events parked list` shows them."""
    if keys is None:
        return "[red]unknown[/]"
    return "\n".join(f"{number:,} {state}" for state, number in keys.items() if number) or "0"


def _held(services: dict[str, Any]) -> Text:
    """Name the partitions that wait for a part that is away: whose, what for, how long."""
    held = [
        f"{name}: {place} is held for {hold['seconds']:.0f} s by now, {hold['reason']}"
        for name, service in services.items()
        for place, hold in (service["held"] or {}).items()
    ]
    return Text("\n".join(held) or "No partition is held.")


def _state(*, up: bool) -> str:
    return "[green]● up[/]" if up else "[red]✕ down[/]"


def _number(number: float | None, form: str) -> str:
    return "[red]unknown[/]" if number is None else form.format(number)
