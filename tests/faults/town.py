"""The registry and mentoring as processes: what the tests kill, cut off and load."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import free_ports
from tests.support.ecosystem import Ecosystem
from tests.support.processes import Program, environment_of


@dataclass(frozen=True)
class Town:
    """An api and a worker of the registry, and a worker that keeps a copy."""

    url: str
    api: Program
    registry: Program
    mentoring: Program


@contextmanager
def running_town(ecosystem: Ecosystem, folder: Path) -> Iterator[Town]:
    """The three processes, for as long as the block; their logs are in the folder."""
    (port,) = free_ports(1)
    door = environment_of(ecosystem.settings("registry"))
    registry = environment_of(ecosystem.settings("registry", "worker"))
    mentoring = environment_of(ecosystem.settings("mentoring", "worker"))
    api = ["services.registry", "api", "--port", str(port)]
    town = Town(
        url=f"http://127.0.0.1:{port}/api/registry/v1",
        api=Program(folder / "api.log", api, door),
        registry=Program(folder / "registry.log", ["services.registry", "worker"], registry),
        mentoring=Program(folder / "mentoring.log", ["services.mentoring", "worker"], mentoring),
    )
    with ExitStack() as stack:
        for program in (town.api, town.registry, town.mentoring):
            stack.enter_context(program)
        yield town
