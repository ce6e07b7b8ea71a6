"""A registry that tells of persons where it must not.

`python -m tests.faults.leaking_process log|echo|trace api --port N`
"""

import sys

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from services.registry.app import create_app
from services.registry.settings import Settings
from services.registry.worker import create_worker
from shared.process import main
from shared.telemetry import logs, traces
from tests.faults.known_bad import echo_what_was_sent, log_all_that_there_is


def _create(settings: Settings) -> FastAPI:
    app = create_app(settings)
    if way == "echo":
        app.add_exception_handler(RequestValidationError, echo_what_was_sent)
    return app


if __name__ == "__main__":
    way = sys.argv.pop(1)
    if way == "log":
        logs.start = log_all_that_there_is
    if way == "trace":
        traces.OnlyListed = lambda exporter: exporter  # type: ignore[assignment,misc,return-value]  # the raw one
    main(Settings(), _create, create_worker)
