"""Runs a service as a process: `python -m services.<name> api|worker|migrate|...`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from shared import event_loop, telemetry
from shared.audit.command import audited
from shared.health import answering
from shared.migrations.preparing import migrated
from shared.settings import ServiceSettings
from shared.streams.command import rebuilt, republished
from shared.streams.copies import Copy
from shared.vault.command import ROTATIONS, OpenVault, rotated
from shared.web.serving import BOUNDED, serving
from shared.worker import Worker

S = TypeVar("S", bound=ServiceSettings)

_GRACE = 20


def main(
    settings: S,
    create_app: Callable[[S], FastAPI],
    create_worker: Callable[[S], Worker],
    open_vault: OpenVault | None = None,
    copies: Sequence[Copy[Any]] = (),
) -> None:
    """Be the api or the worker until SIGTERM or SIGINT, or look after what is kept, as asked."""
    wish = _wish(settings.service, with_vault=open_vault is not None)
    if wish.part == "audit":
        sys.exit(asyncio.run(audited(settings)))
    if wish.part == "vault" and open_vault is not None:
        sys.exit(asyncio.run(rotated(settings, open_vault, wish.keys)))
    if wish.part == "migrate":
        sys.exit(migrated(settings, wish.partitions, wish.replication))
    if wish.part == "rebuild":
        sys.exit(asyncio.run(rebuilt(settings, copies, wish.copy)))
    if wish.part == "republish":
        sys.exit(asyncio.run(republished(settings)))
    telemetry.start(f"{settings.service}-{wish.part}", settings.otlp_endpoint)
    try:
        if wish.part == "worker":
            worker = create_worker(settings)
            event_loop.keep_what_is_loaded()
            with asyncio.Runner(loop_factory=event_loop.factory()) as runner:
                runner.run(_work(worker, wish.host, wish.port))
        else:
            app = create_app(settings)
            event_loop.keep_what_is_loaded()
            _answer(app, wish.host, wish.port)
    finally:
        telemetry.stop()


def _wish(service: str, *, with_vault: bool) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{service}")
    parts = parser.add_subparsers(dest="part", required=True)
    api = parts.add_parser("api", help="answer HTTP")
    api.add_argument("--host", default="127.0.0.1")
    api.add_argument("--port", type=int, required=True)
    worker = parts.add_parser("worker", help="relay the log, keep the copies, run the imports")
    worker.add_argument("--host", default="127.0.0.1")
    worker.add_argument("--port", type=int, help="answer at /health/live and /health/ready")
    migrate = parts.add_parser("migrate", help="bring the tables to the newest revision, as owner")
    migrate.add_argument(
        "--partitions", type=int, help="create the topics too, with so many each, for ever"
    )
    migrate.add_argument("--replication", type=int, default=3, help="copies of each partition")
    rebuild = parts.add_parser("rebuild", help="build copies anew beside the living, as owner")
    rebuild.add_argument("copy", nargs="?", help="one of them, such as enterprise")
    parts.add_parser("republish", help="send the whole log to Kafka again, through the worker")
    audit = parts.add_parser("audit", help="look after the audit trail").add_subparsers(
        dest="verb", required=True
    )
    audit.add_parser("verify", help="read it again, against its seals; 1 when something is wrong")
    if with_vault:
        vault = parts.add_parser("vault", help="look after the keys of persons").add_subparsers(
            dest="verb", required=True
        )
        keys = vault.add_parser("rotate", help="replace them while they are in use")
        keys.add_argument("keys", choices=ROTATIONS)
    return parser.parse_args()


def _answer(app: FastAPI, host: str, port: int) -> None:
    """Answer until a signal comes, and what was asked before it."""
    # uvicorn raises the signal once more when it has ended, which would end us with it at once.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    uvicorn.run(app, host=host, port=port, ws="none", timeout_graceful_shutdown=_GRACE, **BOUNDED)


async def _work(worker: Worker, host: str, port: int | None) -> None:
    """Work until a signal comes; its health is told until the last of it is done."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as around:
        if port is not None:
            app = answering(worker.health)
            health = uvicorn.Config(
                app, host, port, lifespan="off", ws="none", timeout_graceful_shutdown=1, **BOUNDED
            )
            await around.enter_async_context(serving(health, health.bind_socket()))
        await worker.run(stop)
