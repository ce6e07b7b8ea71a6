"""The commands under `sinergi demo`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.cli.demo.day.command import day
from deploy.cli.demo.defects import CODES
from deploy.cli.demo.generation import generate, list_of_defects

app = typer.Typer(name="demo", help="Try the ecosystem: a day, or a file.", no_args_is_help=True)
app.command()(day)


class Delimiter(StrEnum):
    """What may separate the columns."""

    COMMA = ","
    SEMICOLON = ";"


@app.callback()
def _demo() -> None:
    """Try the ecosystem: play a day of a centre, or make a file to import."""


@app.command("generate", epilog=f"Codes of the planted defects: {', '.join(CODES)}.")
def generate_command(
    rows: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many enterprises.")],
    defects: Annotated[
        int | None,
        typer.Option(min=0, help="How many of them are bad.", show_default="one in a hundred"),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file.")] = 1,
    out: Annotated[
        Path, typer.Option(dir_okay=False, writable=True, help="The file to write.")
    ] = Path("kumkm.csv"),
    delimiter: Annotated[Delimiter, typer.Option(help="What separates the columns.")] = (
        Delimiter.COMMA
    ),
) -> None:
    """Write a CSV file of invented enterprises and cooperatives, some with a planted defect.

    Beside FILE.csv it writes FILE.defects.csv, which names the line, the column and the code of
    each planted defect, just as the report of `sinergi import FILE.csv` should.
    """
    bad = rows // 100 if defects is None else defects
    if bad >= rows:
        raise typer.BadParameter("there must be fewer defects than rows", param_hint="--defects")
    console = Console(markup=False, highlight=False, emoji=False)
    try:
        with _progress(console) as progress:
            task = progress.add_task(f"Writing {escape(str(out))}", total=rows)
            for number in generate(out, rows, bad, seed, delimiter):
                progress.update(task, completed=number)
    except OSError as failure:
        raise typer.BadParameter(
            f"{out} cannot be written: {failure.strerror}", param_hint="--out"
        ) from None
    console.print(f"{rows:,} rows are in {out}, of which {bad:,} are bad.")
    console.print(f"The bad ones are listed in {list_of_defects(out)}.")
    console.print(f"Next: sinergi import {out}")


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console)
