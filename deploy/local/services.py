"""What each service is told on a laptop, and what both ways to run them have in common."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

from starlette.types import ASGIApp

from deploy.local.databases import Addresses
from shared.settings import ServiceSettings

ServicePart = Literal["api", "worker"]


@dataclass(frozen=True)
class Places:
    """Where everything is that a service needs to know."""

    kafka: str
    databases: dict[str, Addresses]
    """The addresses of each service's own database, by the service's name."""
    url: str
    """The front's address, which is the issuer too."""
    issuers: Path
    """The file in which the services read that they may believe it."""
    keyring: Path
    """The file with the keys that wrap those of persons."""

    def environment(self, service: str, part: ServicePart) -> dict[str, str]:
        """Return what a part of the service reads from its environment."""
        database = self.databases[service]
        told = {
            "environment": "development",
            "database_url": database.app if part == "api" else database.worker,
            "kafka": self.kafka,
            "issuers": str(self.issuers),
            "keyring": str(self.keyring),
        }
        if endpoint := os.environ.get("SINERGI_OTLP_ENDPOINT"):
            told["otlp_endpoint"] = endpoint
        return told

    def settings(self, service: str, part: ServicePart) -> ServiceSettings:
        """Return the service's own settings, filled in for one of its parts."""
        made: ServiceSettings = module(service, "settings").Settings.model_validate(
            self.environment(service, part)
        )
        return made


def module(service: str, name: str) -> Any:  # noqa: ANN401 (modules have no common type)
    """Return a module of a service by its name, since the four are alike."""
    return import_module(f"services.{service}.{name}")


class Services(Protocol):
    """All services, running in one way or the other."""

    async def start(self) -> Mapping[str, ASGIApp]:
        """Start everything and return, by its name, what answers for each service."""

    @property
    def workers(self) -> Mapping[str, ASGIApp]:
        """What answers, once all is started, for the worker of each service: its health."""

    async def watch(self) -> None:
        """Look after what runs; return never, unless it cannot go on.

        Raises:
            CannotStart: something ended and cannot be started again.

        """

    async def stop(self) -> None:
        """Stop everything; the workers finish what they have begun."""
