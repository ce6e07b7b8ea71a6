"""`sinergi import`: hands a file of enterprises to the registry and waits for the outcome."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from deploy.cli.speaking import console, fail, what_runs
from deploy.cli.token import signed_token
from deploy.local.checkout import HOME

_CHUNK = 256 * 1024
_ANSWER_S = 60.0
_POLL_S = 0.25
_PATIENCE = 20
"""How often in a row the registry may fail to answer; it may be starting again."""


def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file, UTF-8.")
    ],
    persona: Annotated[str, typer.Option("--as", metavar="PERSONA", help="Who does it.")] = (
        "operator"
    ),
) -> None:
    """Import a file of enterprises and show how far it is.

    Rejected rows do not stop it: what to repair is written beside the file, in
    `FILE.rejections.csv`. The same file again changes nothing, and one that was interrupted goes
    on where it was.

    Try it:

    - `sinergi demo generate --rows 20000`
    - `sinergi import kumkm.csv`
    - `sinergi import kumkm.csv --as ministry`
    """
    here = what_runs(HOME)
    headers = {"authorization": f"Bearer {signed_token(persona)}"}
    # Nothing of the environment: a proxy must not be asked for this very computer.
    with httpx.Client(
        base_url=here.url, headers=headers, timeout=_ANSWER_S, trust_env=False
    ) as client:
        with _bars() as bars:
            address, new = _hand_in(client, file, bars)
            job = _watch(client, address, bars)
        if not new:
            console.print("This very file had been handed in before; nothing was done twice.")
        _report(client, address, job, file)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
        console=console,
    )


def _hand_in(client: httpx.Client, file: Path, bars: Progress) -> tuple[str, bool]:
    size = file.stat().st_size
    task = bars.add_task("Uploading", total=size, rows="")

    def pieces() -> Iterator[bytes]:
        with file.open("rb") as opened:
            while piece := opened.read(_CHUNK):
                yield piece
                bars.advance(task, len(piece))

    told = {"content-type": "text/csv", "content-length": str(size)}
    try:
        answer = client.post("/api/registry/v1/imports", content=pieces(), headers=told)
    except httpx.HTTPError as failure:
        fail(f"The registry did not take the file ({type(failure).__name__}).")
    _refuse_problem(answer)
    return answer.headers["location"], answer.status_code == httpx.codes.ACCEPTED


def _watch(client: httpx.Client, address: str, bars: Progress) -> dict[str, Any]:
    task = bars.add_task("Importing", total=None, rows="")
    failures = 0
    while True:
        try:
            answer = client.get(address)
            answer.raise_for_status()
        except httpx.HTTPError as failure:
            failures += 1
            if failures > _PATIENCE:
                fail(f"The registry no longer answers ({type(failure).__name__}); import again.")
            time.sleep(1)
            continue
        failures, job = 0, answer.json()
        rows = f"{job['rows_done']:,} rows"
        bars.update(task, total=job["bytes_total"], completed=job["bytes_done"], rows=rows)
        if job["status"] not in {"waiting", "running"}:
            return dict(job)
        time.sleep(_POLL_S)


def _report(client: httpx.Client, address: str, job: dict[str, Any], file: Path) -> None:
    counts = Table(title=Text(f"{file.name}: {job['status']}"), title_justify="left")
    for name in ("rows", "registered", "known before", "rejected"):
        counts.add_column(name, justify="right")
    numbers = (job[name] for name in ("rows_done", "accepted", "known", "rejected"))
    counts.add_row(*(f"{number:,}" for number in numbers))
    console.print(counts)
    if job["status"] == "failed":
        fail("The import failed before the end of the file; the rows counted above are kept.")
    if job["rejected"]:
        report = file.with_name(f"{file.name}.rejections.csv")
        _fetch_rejections(client, address, report)
        rows = "row" if job["rejected"] == 1 else "rows"
        told = f"{job['rejected']:,} rejected {rows}: what to repair is in "
        console.print(Text.assemble(told, (str(report), "bold")), soft_wrap=True)


def _fetch_rejections(client: httpx.Client, address: str, report: Path) -> None:
    told = {"accept": "text/csv", "accept-language": "en"}
    try:
        with client.stream("GET", f"{address}/rejections", headers=told) as answer:
            answer.raise_for_status()
            with report.open("wb") as written:
                for piece in answer.iter_bytes():
                    written.write(piece)
    except (httpx.HTTPError, OSError) as failure:
        fail(f"{report} is not whole ({type(failure).__name__}); import again to get it.")


def _refuse_problem(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    told: dict[str, Any] = {}
    if "json" in answer.headers.get("content-type", ""):
        told = answer.json()
    reason = told.get("detail") or told.get("title") or f"status {answer.status_code}"
    fail(f"The registry did not take the file: {reason}")
