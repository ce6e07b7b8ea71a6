"""`sinergi events parked`: what the services could not take, and what is done about it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.table import Table
from rich.text import Text

from deploy.cli.speaking import complaints, console, fail, what_runs
from deploy.cli.token import signed_token
from deploy.local.checkout import HOME, SERVICES

app = typer.Typer(help="Look after events that could not be taken.", no_args_is_help=True)

_ANSWER_S = 30.0
_SHORT = 8

Service = Annotated[str, typer.Argument(help="The service that could not take it.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it; its beginning will do.")]
Only = Annotated[str | None, typer.Option("--service", help="One of the services, not all.")]
Key = Annotated[str | None, typer.Option(help="Of this aggregate.")]
Topic = Annotated[str | None, typer.Option(help="Of this topic, such as registry.enterprise.v1.")]
Kind = Annotated[str | None, typer.Option("--type", help="Of this CloudEvents type.")]
Since = Annotated[datetime | None, typer.Option(help="That failed first at this instant or later.")]


@app.callback()
def parked() -> None:
    """Look after events that could not be taken; done as the operator."""


@app.command("list")
def list_parked(
    service: Only = None, topic: Topic = None, key: Key = None, kind: Kind = None
) -> None:
    """List what is parked: `retry` is tried again by itself, the others wait for you.

    Try it:

    - `sinergi events parked list`
    - `sinergi events parked list --service mentoring --topic registry.enterprise.v1`
    """
    found = False
    wanted = {"topic": topic, "key": key, "type": kind}
    with _operator() as client:
        for name in _services(service):
            rows = list(_all(client, name, "", wanted))
            found = found or bool(rows)
            if rows:
                console.print(_table(name, rows))
    if not found:
        console.print("Nothing is parked.")


@app.command()
def show(service: Service, parked_id: Id) -> None:
    """Show one parked event, and what will be taken up, ready to be repaired.

    Try it:

    - `sinergi events parked show mentoring 0198c0de > event.json`
    """
    with _operator() as client:
        told = _read(client, service, parked_id).json()
    event = told.pop("event")
    facts = Table(show_header=False, box=None)
    for name in ("id", "topic", "key", "sequence", "type", "state", "error", "reason", "attempts"):
        facts.add_row(name, Text(str(told[name])))
    facts.add_row("place", Text(f"partition {told['partition']}, offset {told['offset']}"))
    complaints.print(facts)
    if event is None:
        complaints.print(Text(f"What came is no event: {told['data_base64']}", "dim"))
    else:
        typer.echo(event)


@app.command()
def retry(  # noqa: PLR0913, PLR0917 (the words of the command)
    service: Only = None,
    topic: Topic = None,
    key: Key = None,
    kind: Kind = None,
    since: Since = None,
    parked_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="This one, put aside or not.")
    ] = None,
) -> None:
    """Let parked events be taken up now, each key in its order; without an option, all of them.

    Try it:

    - `sinergi events parked retry`
    - `sinergi events parked retry --service mentoring --since 2026-11-24T08:00:00`
    """
    instant = None if since is None else _instant(since)
    given = {"topic": topic, "key": key, "type": kind, "since": instant}
    wanted = {name: value for name, value in given.items() if value is not None}
    with _operator() as client:
        if parked_id is not None:
            wanted["id"] = _whole_id(client, _services(service), parked_id)
        for name in _services(service):
            answer = _send(client, name, "/retry", wanted)
            console.print(f"{name}: {answer.json()['retried']} will be taken up")


@app.command()
def skip(
    service: Service,
    parked_id: Id,
    reason: Annotated[str, typer.Option(help="Why; it is kept, so let it name no person.")],
) -> None:
    """Put an event aside, so that the later ones of its key go on; `retry --id` brings it back.

    Try it:

    - `sinergi events parked skip mentoring 0198c0de --reason "INC-7: sent twice"`
    """
    with _operator() as client:
        seen = _read(client, service, parked_id)
        _act(client, service, "skip", seen, {"reason": reason})
    console.print("It is put aside.")


@app.command()
def edit(
    service: Service,
    parked_id: Id,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="As `show` gave it.")
    ],
) -> None:
    """Let a repaired copy of an event be taken up; what came is kept until it was.

    Try it:

    - `sinergi events parked edit mentoring 0198c0de event.json`
    """
    try:
        event = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fail(f"{file} is no text in UTF-8.")
    with _operator() as client:
        seen = _read(client, service, parked_id)
        _act(client, service, "edit", seen, {"event": event})
    console.print("The repaired copy will be taken up.")


@app.command()
def export(service: Only = None) -> None:
    """Write all that is parked to standard output, one JSON object a line.

    Try it:

    - `sinergi events parked export > parked.jsonl`
    """
    with _operator() as client:
        for name in _services(service):
            for row in _all(client, name, "/export", {}):
                typer.echo(json.dumps({"service": name, **row}, ensure_ascii=False))


def _services(service: str | None) -> tuple[str, ...]:
    if service is not None and service not in SERVICES:
        fail(f"There is no service of this name. There are: {', '.join(SERVICES)}.")
    return (service,) if service else tuple(SERVICES)


def _instant(given: datetime) -> str:
    """The instant that this computer's clock meant."""
    try:
        return given.astimezone().isoformat()
    except (OverflowError, ValueError, OSError):  # each on another system
        fail("No clock told of --since: give another day.")


@contextmanager
def _operator() -> Iterator[httpx.Client]:
    here = what_runs(HOME)
    headers = {"authorization": f"Bearer {signed_token('operator')}", "accept-language": "en"}
    # Nothing of the environment: a proxy must not be asked for this very computer.
    with httpx.Client(
        base_url=f"{here.url}/api/", headers=headers, timeout=_ANSWER_S, trust_env=False
    ) as client:
        try:
            yield client
        except httpx.HTTPError as failure:
            fail(f"The service does not answer ({type(failure).__name__}).")


def _all(
    client: httpx.Client, service: str, path: str, wanted: dict[str, str | None]
) -> Iterator[dict[str, Any]]:
    query: dict[str, str] = {name: value for name, value in wanted.items() if value is not None}
    while True:
        address = f"{service}/v1/parked-events{path}"
        told = _refuse_problem(client.get(address, params=query | {"limit": "100"})).json()
        yield from told["items"]
        if told["next"] is None:
            return
        query["after"] = told["next"]


def _read(client: httpx.Client, service: str, parked_id: str) -> httpx.Response:
    whole = _whole_id(client, _services(service), parked_id)
    return _refuse_problem(client.get(f"{service}/v1/parked-events/{whole}"))


def _whole_id(client: httpx.Client, services: Sequence[str], beginning: str) -> str:
    """The one id that begins so; an event that two services could not take has it in both."""
    listed = (row["id"] for name in services for row in _all(client, name, "", {}))
    fitting = {parked_id for parked_id in listed if parked_id.startswith(beginning)}
    if len(fitting) != 1:
        fail(f"{len(fitting)} parked events have an id that begins so.")
    return str(fitting.pop())


def _act(
    client: httpx.Client, service: str, verb: str, seen: httpx.Response, body: dict[str, str]
) -> None:
    headers = {"If-Match": seen.headers["etag"]}
    _send(client, service, f"/{seen.json()['id']}/{verb}", body, headers)


def _send(
    client: httpx.Client,
    service: str,
    path: str,
    body: dict[str, str],
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    address = f"{service}/v1/parked-events{path}"
    return _refuse_problem(client.post(address, json=body, headers=headers))


def _refuse_problem(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        readable = "json" in answer.headers.get("content-type", "")
        told: dict[str, Any] = answer.json() if readable else {}
        fail(f"It was refused: {_said(told) or answer.status_code}")
    return answer


def _said(problem: dict[str, Any]) -> str | None:
    """What is wrong, place by place where it is told so."""
    places = [
        f"{one.get('pointer') or one.get('parameter')}: {one['detail']}"
        for one in problem.get("errors", ())
    ]
    return "; ".join(places) or problem.get("detail") or problem.get("title")


def _table(service: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=service, title_justify="left")
    for name in ("id", "topic", "key", "#", "state", "tries", "why"):
        table.add_column(name, justify="right" if name in {"#", "tries"} else "left")
    for row in rows:
        key, seq = row["key"] or "", row["sequence"]
        why = row["reason"] or row["error"]
        cells = (row["id"][:_SHORT], row["topic"], key[:_SHORT], str(seq or ""), row["state"])
        table.add_row(*map(Text, (*cells, str(row["attempts"]), why)))
    return table
