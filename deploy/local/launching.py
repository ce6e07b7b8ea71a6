"""Gives the ecosystem its event loop and its log, and lives with it until it ends."""

import asyncio
import os
from contextlib import redirect_stderr
from pathlib import Path

import structlog
from rich.console import Console

from deploy.local.checkout import the_only_one
from deploy.local.ecosystem import Ecosystem, Mode
from deploy.local.refusals import CannotStart
from shared import event_loop, telemetry

_log = structlog.get_logger(__name__)


def launch(mode: Mode, port: int, console: Console, home: Path) -> None:
    """Run the ecosystem of a folder until it is told to stop.

    Raises:
        CannotStart: something cannot run; the message is meant to be shown.

    """
    with the_only_one(home), (home / "sinergi.log").open("w") as log, redirect_stderr(log):
        telemetry.start("sinergi", os.environ.get("SINERGI_OTLP_ENDPOINT"))
        with asyncio.Runner(loop_factory=event_loop.factory()) as runner:
            try:
                runner.run(Ecosystem(mode, port, console, home).live())
            except CannotStart:
                raise
            except Exception as failure:
                _log.exception("ended_unexpectedly")
                name = type(failure).__name__
                message = f"It ended unexpectedly ({name}); the whole story is in {log.name}"
                raise CannotStart(message) from failure
