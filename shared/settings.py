"""What a service is told by its environment, typed and checked once at start."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.access.issuers import IssuerRules, makeshift, read_issuers
from shared.streams.kafka.brokers import Brokers, SecuredBrokers

_ORIGIN = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")
_SECRETS: Final = Path("/run/secrets")
"""Where containers are given their secrets."""
_GUESSABLE: Final = 16
"""Characters under which a password may be one that was chosen, and not drawn."""


class ServiceSettings(BaseSettings):
    """The settings that every service has; a service adds its prefix and its name."""

    # Whatever is wrong with the settings, what they hold is not for a log.
    # A secret may be a file of the setting's whole name, such as registry_database_url.
    model_config = SettingsConfigDict(
        hide_input_in_errors=True, secrets_dir=_SECRETS if _SECRETS.is_dir() else None
    )

    service: ClassVar[str]

    environment: Literal["development", "production"] = "production"
    database_url: str = Field(repr=False)
    kafka: str
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca_file: Path | None = None
    """Who vouches for the brokers, in PEM; none: whoever the system trusts."""
    kafka_user: str | None = None
    kafka_password_file: Path | None = None
    topic_prefix: str = ""
    issuers: Path
    """The file with all who are believed (docs/access.md)."""
    keyring: Path | None = None
    """The file that stands in for a key service in development; none: persons are out of reach."""
    otlp_endpoint: str | None = None
    cors_origins: tuple[str, ...] = ()
    """The front ends whose pages may call the service, like https://desk.example.go.id."""

    @model_validator(mode="after")
    def _no_makeshift_in_production(self) -> Self:
        """Refuse a file of issuers that cannot be read, and in production what is makeshift."""
        found = list(self._makeshift())
        if found and self.environment == "production":
            message = f"not in production: {'; '.join(found)}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _names_itself_to_kafka(self) -> Self:
        named = self.kafka_user is not None and self.kafka_password_file is not None
        if self.kafka_security_protocol == "SASL_SSL" and not named:
            raise ValueError("SASL_SSL needs kafka_user and kafka_password_file")
        return self

    def _makeshift(self) -> Iterator[str]:
        """What is good enough on a laptop only, one sentence each."""
        yield from makeshift(self.believed)
        yield from _makeshift_database(self.database_url)
        if self.kafka_security_protocol == "PLAINTEXT":
            yield "kafka_security_protocol must be SASL_SSL or SSL"
        if not all(_ORIGIN.fullmatch(origin) for origin in self.cors_origins):
            yield "each of cors_origins must be https://, a host, and a port if it has one"
        if self.keyring:
            yield "a keyring in a file must not take the place of a key service"

    @property
    def brokers(self) -> Brokers:
        """How Kafka is reached; the password is read anew, so that it can be changed.

        Raises OSError when its file cannot be read.
        """
        if self.kafka_security_protocol == "PLAINTEXT":
            return self.kafka
        file = self.kafka_password_file
        if self.kafka_security_protocol == "SSL" or file is None:
            return SecuredBrokers(self.kafka, self.kafka_ca_file)
        password = SecretStr(file.read_text(encoding="utf-8").strip())
        return SecuredBrokers(self.kafka, self.kafka_ca_file, self.kafka_user, password)

    @cached_property
    def believed(self) -> tuple[IssuerRules, ...]:
        """Everyone whose tokens are believed."""
        return read_issuers(self.issuers)

    @property
    def base_path(self) -> str:
        """Where the service lives in the one URL space of the ecosystem."""
        return f"/api/{self.service}"


def _makeshift_database(url: str) -> Iterator[str]:
    address = urlsplit(url)
    if parse_qs(address.query).get("sslmode") != ["verify-full"]:
        yield "database_url must say sslmode=verify-full"
    # Another way than a password is the server's to ask for: a certificate, a password file.
    if address.password is not None and len(address.password) < _GUESSABLE:
        yield f"the password in database_url must have at least {_GUESSABLE} characters"
