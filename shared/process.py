"""Runs one service as a process: `python -m services.<name> api --port N` or `worker`."""

import argparse
import asyncio
import signal
from collections.abc import Callable
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from shared import telemetry
from shared.settings import ServiceSettings
from shared.worker import Worker

S = TypeVar("S", bound=ServiceSettings)

_GRACE = 20


def main(
    settings: S, create_app: Callable[[S], FastAPI], create_worker: Callable[[S], Worker]
) -> None:
    """Be the api or the worker, as the command line says, until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{settings.service}")
    parts = parser.add_subparsers(dest="part", required=True)
    api = parts.add_parser("api", help="answer HTTP")
    api.add_argument("--host", default="127.0.0.1")
    api.add_argument("--port", type=int, required=True)
    parts.add_parser("worker", help="relay the log, keep the copies, run the imports")
    wish = parser.parse_args()
    telemetry.start(f"{settings.service}-{wish.part}", settings.otlp_endpoint)
    if wish.part == "worker":
        asyncio.run(_work(create_worker(settings)))
        return
    uvicorn.run(
        create_app(settings),
        host=wish.host,
        port=wish.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
    )


async def _work(worker: Worker) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await worker.run(stop)
