"""One server in a container, a part like any other: it starts, runs, stops and keeps its data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.ports import HOST
from deploy.local.refusals import CannotStart
from deploy.local.telling import Tell, silently

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

_READY_S = 120


@dataclass
class Container:
    """One server in a container, its data in a volume that outlives it."""

    image: str
    inside: int
    """The port on which the server listens inside."""
    outside: int
    """The port of the loopback address that leads to it."""
    address: str
    ready: str
    """What its log says when it answers: a regular expression."""
    volume: str
    """Also the container's name, so that two never open the same data."""
    data: str
    """Where the volume is mounted."""
    mark: Path
    """A file that tells, once there is data, that it is in a volume and in which."""
    settings: dict[str, str]
    command: Sequence[str] = ()
    """What to run inside; nothing means what the image runs by itself."""
    source: str = field(default="in a container", init=False)
    _container: "DockerContainer | None" = field(default=None, init=False)

    @property
    def running(self) -> bool:
        """Whether the container is still there."""
        from docker.errors import NotFound  # noqa: PLC0415

        if self._container is None:
            return False
        try:
            self._container.reload()
        except NotFound:
            return False
        return self._container.status == "running"

    def start(self, tell: Tell = silently) -> str:
        """Start the container and return its server's address.

        Raises:
            CannotStart: its image could not be had, or its server did not answer in time.
        """
        from docker.errors import DockerException  # noqa: PLC0415

        tell(f"starting {self.image}")
        self.stop()
        _end(self.volume)  # whatever an earlier launcher, killed, has left
        container = self._described()
        try:
            container.start()
        except (DockerException, OSError, RuntimeError) as failure:
            refusal = _refusal(container, failure)
            container.stop()
            raise refusal from None
        self._container = container
        self.mark.parent.mkdir(parents=True, exist_ok=True)
        self.mark.write_text(self.volume)
        return self.address

    def stop(self) -> None:
        """Stop the server in order, then remove the container and keep the volume."""
        if self._container is not None:
            _end(self.volume)
            self._container.get_docker_client().client.close()
            self._container = None

    def _described(self) -> "DockerContainer":
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy  # noqa: PLC0415

        container = DockerContainer(self.image, env=self.settings, name=self.volume)
        container.ports = {str(self.inside): (HOST, self.outside)}  # type: ignore[dict-item]
        container.with_volume_mapping(self.volume, self.data, mode="rw")
        if self.command:
            container.with_command([*self.command])
        return container.waiting_for(
            LogMessageWaitStrategy(self.ready).with_startup_timeout(_READY_S)
        )


def _refusal(container: "DockerContainer", failure: Exception) -> CannotStart:
    what = f"The container of {container.image} did not start"
    try:
        log = container.get_wrapped_container().logs(tail=15).decode(errors="replace")
    except (OSError, RuntimeError):
        return CannotStart(f"{what}: {getattr(failure, 'explanation', None) or failure}")
    return CannotStart(f"{what}. The end of its log:\n{log}")


def _end(name: str) -> None:
    """Stop a container in order and remove it with what it kept outside of our volume."""
    from docker.errors import NotFound  # noqa: PLC0415
    from testcontainers.core.docker_client import DockerClient  # noqa: PLC0415

    client = DockerClient().client
    try:
        left = client.containers.get(name)
        left.stop(timeout=_READY_S)
        left.remove(force=True, v=True)
    except NotFound:
        return
    finally:
        client.close()
