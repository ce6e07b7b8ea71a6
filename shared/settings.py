"""What a service is told by its environment, typed and checked once at start."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """The settings that every service has; a service adds its prefix and its name."""

    service: ClassVar[str]

    environment: Literal["development", "production"] = "production"
    database_url: str
    kafka: str
    topic_prefix: str = ""
    issuer: str
    jwks_url: str
    otlp_endpoint: str | None = None

    @model_validator(mode="after")
    def _no_makeshift_in_production(self) -> Self:
        """A service in production believes no issuer that just anyone on the way could be."""
        addresses = (self.issuer, self.jwks_url)
        if self.environment == "production" and not all(
            a.startswith("https://") for a in addresses
        ):
            message = "in production the issuer and its key set must have https addresses"
            raise ValueError(message)
        return self

    @property
    def base_path(self) -> str:
        """Where the service lives in the one URL space of the ecosystem."""
        return f"/api/{self.service}"
