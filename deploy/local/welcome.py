"""The closing panel of a start: where everything is, and what to try next."""

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from deploy.local.checkout import SERVICES, Running


def welcome(here: Running) -> Panel:
    """Say where everything is."""
    places = Table.grid(padding=(0, 2))
    places.add_row("Start here", f"[bold]{here.url}/[/]")
    for service in SERVICES:
        places.add_row(service, f"{here.url}/api/{service}/docs")
    places.add_row("Kafka", here.kafka)
    places.add_row("PostgreSQL", here.postgres.rpartition("@")[2].partition("/")[0])
    hint = Text.from_markup(
        "\nTry next, in a second terminal:\n"
        "  [bold]. .venv/bin/activate[/]\n"
        "  [bold]sinergi demo generate --rows 20000 && sinergi import kumkm.csv[/]\n"
        "\nCtrl-C stops everything; the data stays for the next start."
    )
    return Panel(Group(places, hint), title="Sinergi is up", border_style="green", expand=False)
