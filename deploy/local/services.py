"""What each service is told on a laptop, and what both ways to run them have in common."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from starlette.types import ASGIApp

from shared.settings import ServiceSettings


@dataclass(frozen=True)
class Places:
    """Where everything is that a service needs to know."""

    kafka: str
    databases: dict[str, str]
    """The address of each service's own database, by the service's name."""
    url: str
    """The front's address, which is the issuer too."""

    def environment(self, service: str) -> dict[str, str]:
        """Return what the service reads from its environment."""
        told = {
            "environment": "development",
            "database_url": self.databases[service],
            "kafka": self.kafka,
            "issuer": self.url,
            "jwks_url": f"{self.url}/.well-known/jwks.json",
        }
        if endpoint := os.environ.get("SINERGI_OTLP_ENDPOINT"):
            told["otlp_endpoint"] = endpoint
        return told

    def settings(self, service: str) -> ServiceSettings:
        """Return the service's own settings, filled in."""
        made: ServiceSettings = module(service, "settings").Settings.model_validate(
            self.environment(service)
        )
        return made


def module(service: str, name: str) -> Any:  # noqa: ANN401 (modules have no common type)
    """Return a module of a service by its name, since the four are alike."""
    return import_module(f"services.{service}.{name}")


class Services(Protocol):
    """All services, running in one way or the other."""

    async def start(self) -> Mapping[str, ASGIApp]:
        """Start everything and return, by its name, what answers for each service."""

    async def watch(self) -> None:
        """Look after what runs; return never, unless it cannot go on.

        Raises:
            CannotStart: something ended and cannot be started again.

        """

    async def stop(self) -> None:
        """Stop everything; the workers finish what they have begun."""
