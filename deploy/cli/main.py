"""The `sinergi` command: one verb per file, each loaded only when it is typed."""

import logging

import typer

from deploy.cli import (
    audit,
    backups,
    copies,
    demo,
    doctor,
    events,
    importing,
    life,
    parked,
    token,
    vault,
)

# What a client library complains about is said by us, once and plainly.
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

app = typer.Typer(
    name="sinergi",
    help="Run the PLUT-KUMKM ecosystem on this computer, and look at what it does.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command("up")(life.up)
app.command("down")(life.down)
app.command("reset")(life.reset)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("doctor")(doctor.doctor)
app.command("token")(token.token)
app.command("import")(importing.import_file)
app.add_typer(audit.app, name="audit")
app.add_typer(copies.app, name="copies")
app.add_typer(events.app, name="events")
events.app.add_typer(parked.app, name="parked")
app.add_typer(demo.app, name="demo")
app.add_typer(vault.app, name="vault")
