"""Finds a real PostgreSQL and a real Kafka, for `make up` and for tests alike.

In this order: an address in the environment (SINERGI_POSTGRES_URL of a superuser, SINERGI_KAFKA),
a container when an engine answers, a server of our own started from the installed wheels and jars.
Where a folder's data is already, it stays, whatever answers now.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.local.checkout import GIVEN
from deploy.local.containers import (
    engine_answers,
    kafka_container,
    postgres_container,
    remove_volumes,
    volume_mark,
)
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres, refuse_forgetful
from deploy.local.readiness import outside_any_loop
from deploy.local.refusals import CannotStart
from deploy.local.telling import Tell, silently

GIVEN_SOURCE = "given"
"""Said of a server that somebody else runs."""


@dataclass(frozen=True)
class Parts:
    """Where the two real parts are."""

    postgres_url: str
    """The superuser's address of the database `postgres`."""
    kafka: str
    """host:port[,host:port]."""


class Part(Protocol):
    """One real server, wherever it comes from."""

    @property
    def source(self) -> str:
        """Where it comes from, in a word or two for the person at the terminal."""

    @property
    def running(self) -> bool:
        """Whether it is there now."""

    def start(self, tell: Tell = silently) -> str:
        """Bring it up and return its address."""

    def stop(self) -> None:
        """Take it down; what it was told is kept."""


@dataclass(frozen=True)
class Given:
    """A server that somebody else runs, known by its address."""

    address: str
    running: bool = True
    source: str = GIVEN_SOURCE

    def start(self, tell: Tell = silently) -> str:
        """Return the address; whoever runs the server has started it."""
        tell("somebody else's")
        return self.address

    def stop(self) -> None:
        """Leave it running: it is not ours."""


def find_postgres(folder: Path, *, containers: bool) -> Part:
    """Return the PostgreSQL to use, not yet started; its data is under the folder if it is ours.

    Raises:
        CannotStart: its data is in a container's volume, and no engine answers.
    """
    if address := os.environ.get(GIVEN["postgresql"]):
        return Given(address)
    if _contained(folder, "postgresql", containers=containers):
        return postgres_container(folder)
    return Postgres(folder / "postgresql")


def find_kafka(folder: Path, *, containers: bool) -> Part:
    """Return the Kafka to use, not yet started; its data is under the folder if it is ours.

    Raises:
        CannotStart: its data is in a container's volume, and no engine answers.
    """
    if address := os.environ.get(GIVEN["kafka"]):
        return Given(address)
    if _contained(folder, "kafka", containers=containers):
        return kafka_container(folder)
    return Kafka(folder / "kafka")


def _contained(folder: Path, server: str, *, containers: bool) -> bool:
    # A start that goes elsewhere would look as if everything had been lost.
    if not volume_mark(folder, server).exists():
        return containers and not (folder / server / "data").exists()
    if not containers:
        message = (
            "The data of this folder is in volumes of a container engine, and none answers: start "
            "the engine that made them."
        )
        raise CannotStart(message)
    return True


def start_together(postgres: Part, kafka: Part) -> Parts:
    """Start both at once, the slower one deciding how long it takes; on a failure stop both.

    Raises:
        CannotStart: one of them does not run, or the database may forget what it acknowledged.
    """
    with ThreadPoolExecutor(2) as pool:
        starting = pool.submit(postgres.start), pool.submit(kafka.start)
    try:
        parts = Parts(starting[0].result(), starting[1].result())
        outside_any_loop(lambda: refuse_forgetful(parts.postgres_url))
    except BaseException:
        stop_in_order(postgres, kafka)
        raise
    return parts


def stop_in_order(postgres: Part, kafka: Part) -> None:
    """Stop Kafka, then PostgreSQL, the second also when the first complains."""
    try:
        kafka.stop()
    finally:
        postgres.stop()


@contextmanager
def real_parts() -> Iterator[Parts]:
    """Run both parts on a fresh folder that is removed afterwards: what a test session needs."""
    folder = Path(tempfile.mkdtemp(prefix="sinergi-parts-"))
    containers = engine_answers()
    postgres = find_postgres(folder, containers=containers)
    kafka = find_kafka(folder, containers=containers)
    try:
        parts = start_together(postgres, kafka)
        try:
            yield parts
        finally:
            stop_in_order(postgres, kafka)
    finally:
        if containers:
            remove_volumes(folder)
        shutil.rmtree(folder)
