"""The same two servers as containers, for machines on which a container engine answers."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from deploy.local.container import Container
from deploy.local.jars import kafka_version
from deploy.local.ports import HOST, free_ports
from deploy.local.postgres import QUIET

SERVERS = ("postgresql", "kafka")
_ENGINE_S = 2
_PASSWORD = "sinergi"  # noqa: S105 (its port is bound to the loopback address only)
_ENGINE = "unix:///var/run/docker.sock"


def engine_answers() -> bool:
    """Tell within seconds whether a container engine is there."""
    if not _may_be_there(os.environ.get("DOCKER_HOST") or _ENGINE):
        return False
    # Slow to import and rarely needed.
    from docker.errors import DockerException  # noqa: PLC0415
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    try:
        client = DockerClient(timeout=_ENGINE_S).client
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (DockerException, OSError):
        return False


def _may_be_there(address: str) -> bool:
    # A plain connection first: the engine's client never closes a local one that was refused.
    if not address.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_ENGINE_S)
        try:
            probe.connect(address.removeprefix("unix://"))
        except OSError:
            return False
    return True


def postgres_container(folder: Path) -> Container:
    """Describe PostgreSQL with its data in a volume named after the folder."""
    (port,) = free_ports(1)
    return Container(
        image="postgres:18",
        inside=5432,
        outside=port,
        address=f"postgresql://postgres:{_PASSWORD}@{HOST}:{port}/postgres",
        # It listens before it has recovered, and is ready once before, without listening.
        ready=r"listening on IPv4 address[\s\S]*ready to accept connections",
        volume=volume_name(folder, "postgresql"),
        data="/var/lib/postgresql",
        mark=volume_mark(folder, "postgresql"),
        # As our own server has it: the order of texts must not depend on where they are kept.
        settings={
            "POSTGRES_PASSWORD": _PASSWORD,
            "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale-provider=builtin "
            "--builtin-locale=C.UTF-8 --locale=C",
        },
        command=("postgres", *_options({"max_connections": "200"} | QUIET)),
    )


def _options(settings: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))


def kafka_container(folder: Path) -> Container:
    """Describe Kafka with its data in a volume named after the folder."""
    (port,) = free_ports(1)
    return Container(
        image=f"apache/kafka:{kafka_version()}",
        inside=9092,
        outside=port,
        address=f"{HOST}:{port}",
        ready="Kafka Server started",
        volume=volume_name(folder, "kafka"),
        data="/var/lib/kafka/data",
        mark=volume_mark(folder, "kafka"),
        settings={
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://localhost:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{HOST}:{port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
        },
    )


def volume_name(folder: Path, server: str) -> str:
    """Return the volume that keeps a server's data for one folder: the same at every start."""
    return f"sinergi-{sha256(str(folder.resolve()).encode()).hexdigest()[:12]}-{server}"


def volume_mark(folder: Path, server: str) -> Path:
    """Return the file that is there when a server's data for the folder is kept in a volume."""
    return folder / server / "volume"


def kept_in_volumes(folder: Path) -> bool:
    """Tell whether any data of the folder is in volumes, also when no engine answers."""
    return any(volume_mark(folder, server).exists() for server in SERVERS)


def remove_volumes(folder: Path) -> None:
    """Remove what containers kept for the folder; nothing happens when they kept nothing."""
    from docker.errors import NotFound  # noqa: PLC0415
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    client = DockerClient(timeout=_ENGINE_S).client
    try:
        for server in SERVERS:
            with suppress(NotFound):
                client.volumes.get(volume_name(folder, server)).remove()
    finally:
        client.close()
