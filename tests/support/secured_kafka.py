"""A Kafka that lets in over TLS alone, and only who knows a password."""

import os
import subprocess
from pathlib import Path

from deploy.local.kafka import Kafka
from deploy.local.ports import HOST, free_ports

USER, PASSWORD = "registry", "a-password-of-this-broker"
_FORMAT_S = 60
_PROTOCOLS = "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT"


class SecuredKafka(Kafka):
    """The broker of every test, with a second door; the first is its own, to find itself ready."""

    users: tuple[str, ...] = (USER,)
    """Who has the password."""

    def __init__(self, folder: Path, certificate: Path) -> None:
        """Prove itself with the certificate, a file that has its key too."""
        super().__init__(folder)
        self._certificate = certificate
        (self._port,) = free_ports(1)

    @property
    def secured(self) -> str:
        """The address of the second door, under the name that its certificate has."""
        return f"localhost:{self._port}"

    def _settings(self, port: int, controller_port: int) -> str:
        doors = [f"PLAINTEXT://{HOST}:{port}", f"SASL_SSL://{HOST}:{self._port}"]
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        settings = {
            # What is said last holds.
            "listeners": ",".join([*doors, f"CONTROLLER://{HOST}:{controller_port}"]),
            "advertised.listeners": f"{doors[0]},SASL_SSL://{self.secured}",
            "listener.security.protocol.map": _PROTOCOLS,
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": scram,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self._certificate,
        }
        said = "".join(f"{name}={value}\n" for name, value in settings.items())
        return super()._settings(port, controller_port) + said

    def _format(self, java: list[str], settings: Path) -> None:
        known = [f"SCRAM-SHA-512=[name={user},password={PASSWORD}]" for user in self.users]
        subprocess.run(  # noqa: S603 (our own words)
            [*java, "kafka.tools.StorageTool", "format", "--cluster-id=MkU3OEVBNTcwNTJENDM2Qk",
             "-c", str(settings), *(word for name in known for word in ("--add-scram", name))],
            check=True, capture_output=True, timeout=_FORMAT_S, cwd=settings.parent,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
