"""How brokers are reached: by anyone on a laptop; elsewhere over TLS, and under a name."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class SecuredBrokers:
    """Brokers that prove who they are (TLS), and to whom we may have to (SCRAM-SHA-512)."""

    addresses: str
    """host:port, several by commas."""
    ca_file: Path | None = None
    """Who vouches for them, in PEM; None: whoever the system trusts."""
    user: str | None = None
    password: SecretStr | None = None


Brokers: TypeAlias = str | SecuredBrokers
"""Addresses alone are of brokers that take anyone and hide nothing."""


class _Parting(ssl.SSLObject):
    """TLS that says it ends and does not wait for the other to say so (RFC 8446, 6.1).

    A broker that reads a request and our goodbye at once says nothing until the connection has
    been idle for its ten minutes.
    """

    def unwrap(self) -> None:
        """Have the goodbye written, if it is not yet."""
        with suppress(ssl.SSLWantReadError):
            super().unwrap()


def reach(brokers: Brokers) -> dict[str, Any]:
    """What every client of Kafka is told, to reach them.

    Raises OSError or ssl.SSLError when the file cannot be read.
    """
    if isinstance(brokers, str):
        return {"bootstrap_servers": brokers}
    context = ssl.create_default_context(cafile=brokers.ca_file)
    context.sslobject_class = _Parting
    told = {
        "bootstrap_servers": brokers.addresses,
        "security_protocol": "SSL",
        "ssl_context": context,
    }
    if brokers.user is None or brokers.password is None:
        return told
    return told | {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": brokers.user,
        "sasl_plain_password": brokers.password.get_secret_value(),
    }
