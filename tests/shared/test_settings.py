"""What a service refuses to be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.settings import Settings
from shared.streams.kafka import SecuredBrokers

PASSWORD = "drawn-and-not-chosen"  # noqa: S105 (of no account)
ISSUER = """\
[kementerian]
address = "https://masuk.example.go.id/realms/pelaksana"
keys = "https://masuk.example.go.id/realms/pelaksana/keys"
audience = "sinergi"
algorithms = ["RS256"]
types = ["at+jwt"]
longest_life_s = 600
grants = "grants"
"""

Told = Callable[..., Settings]


@pytest.fixture
def production(tmp_path: Path) -> Told:
    """Settings that are good enough for production, but for the changes."""
    (tmp_path / "issuers.toml").write_text(ISSUER)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    good: dict[str, Any] = {
        "environment": "production",
        "database_url": f"postgresql://app:{PASSWORD}@db/registry?sslmode=verify-full",
        "kafka": "kafka:9093",
        "kafka_security_protocol": "SASL_SSL",
        "kafka_user": "registry",
        "kafka_password_file": tmp_path / "password",
        "issuers": tmp_path / "issuers.toml",
    }
    return lambda **changes: Settings.model_validate(good | changes)


def believing(folder: Path, *changed: tuple[str, str]) -> Path:
    text = ISSUER
    for old, new in changed:
        text = text.replace(old, new)
    file = folder / "others.toml"
    file.write_text(text)
    return file


def test_production_takes_what_is_secured(production: Told) -> None:
    settings = production()

    assert settings.base_path == "/api/registry"
    assert [issuer.name for issuer in settings.believed] == ["kementerian"]


@pytest.mark.parametrize("part", ["address", "keys"])
def test_production_believes_no_issuer_without_https(
    production: Told, tmp_path: Path, part: str
) -> None:
    issuers = believing(tmp_path, (f'{part} = "https:', f'{part} = "http:'))

    with pytest.raises(ValidationError, match=r"\[kementerian\] must be https"):
        production(issuers=issuers)


def test_production_believes_no_issuer_of_development(production: Told, tmp_path: Path) -> None:
    issuers = believing(tmp_path, ("longest", "development = true\nlongest"))

    with pytest.raises(ValidationError, match=r"issuer \[kementerian\] is for development"):
        production(issuers=issuers)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://app:{PASSWORD}@db/registry",
        f"postgresql://app:{PASSWORD}@db/registry?sslmode=prefer",
        f"postgresql://app:{PASSWORD}@db/registry?sslmode=require",
        f"postgresql://app:{PASSWORD}@db/registry?sslmode=verify-ca",
        f"postgresql://app:{PASSWORD}@db/registry?sslmode=verify-full&sslmode=disable",
        f"postgresql://app:{PASSWORD}@db/registry?SSLMODE=verify-full",
    ],
)
def test_production_asks_the_database_for_its_certificate(production: Told, url: str) -> None:
    with pytest.raises(ValidationError, match="must say sslmode=verify-full"):
        production(database_url=url)


@pytest.mark.parametrize("password", ["", "postgres", "sinergi", "changeme"])
def test_production_refuses_a_password_that_can_be_guessed(production: Told, password: str) -> None:
    url = f"postgresql://app:{password}@db/registry?sslmode=verify-full"

    with pytest.raises(ValidationError, match="at least 16 characters"):
        production(database_url=url)


def test_a_certificate_or_a_password_file_may_take_the_place_of_the_password(
    production: Told,
) -> None:
    url = "postgresql://app@db/registry?sslmode=verify-full&passfile=/run/secrets/pgpass"

    assert production(database_url=url).database_url == url


def test_production_speaks_to_no_kafka_in_the_open(production: Told) -> None:
    with pytest.raises(ValidationError, match="kafka_security_protocol must be SASL_SSL or SSL"):
        production(kafka_security_protocol="PLAINTEXT")


@pytest.mark.parametrize("missing", ["kafka_user", "kafka_password_file"])
def test_who_names_itself_to_kafka_has_a_name_and_a_password(
    production: Told, missing: str
) -> None:
    with pytest.raises(ValidationError, match="SASL_SSL needs kafka_user and kafka_password_file"):
        production(**{missing: None})


def test_everything_that_is_makeshift_is_said_at_once(production: Told) -> None:
    with pytest.raises(ValidationError) as refused:
        production(database_url="postgresql://app:app@db/registry", kafka_security_protocol="SSL",
                   keyring="keyring.json")  # fmt: skip

    told = str(refused.value)
    assert all(word in told for word in ("sslmode", "16 characters", "keyring"))
    assert told.count("\n") <= 2


def test_a_service_takes_itself_for_production_unless_told_otherwise(production: Told) -> None:
    with pytest.raises(ValidationError, match="not in production"):
        Settings(
            database_url="postgresql://app:app@db/registry",
            kafka="kafka:9092",
            issuers=production().issuers,
        )


def test_development_takes_what_is_on_this_machine(production: Told, tmp_path: Path) -> None:
    settings = production(
        environment="development",
        database_url="postgresql://app:app@127.0.0.1/registry",
        kafka="127.0.0.1:9092",
        kafka_security_protocol="PLAINTEXT",
        issuers=believing(tmp_path, ("https:", "http:"), ("longest", "development=true\nlongest")),
    )

    assert settings.brokers == "127.0.0.1:9092"


def test_no_secret_is_in_a_refusal_nor_in_what_settings_say_of_themselves(
    production: Told,
) -> None:
    with pytest.raises(ValidationError) as refused:
        production(kafka_security_protocol="PLAINTEXT")

    settings = production()
    said = f"{refused.value} {settings!r} {settings} {settings.brokers!r}"
    assert PASSWORD not in said


def test_the_password_for_kafka_is_read_from_its_file(production: Told) -> None:
    settings = production()
    brokers = settings.brokers

    assert isinstance(brokers, SecuredBrokers)
    assert brokers.password is not None
    assert (brokers.user, brokers.password.get_secret_value()) == ("registry", PASSWORD)


def test_a_service_that_is_told_of_no_issuers_does_not_start(
    production: Told, tmp_path: Path
) -> None:
    with pytest.raises(ValidationError, match=r"missing\.toml cannot be read"):
        production(environment="development", issuers=tmp_path / "missing.toml")


@pytest.mark.parametrize(
    "origin",
    ["*", "http://desk.example.go.id", "https://desk.example.go.id/", "https://*.go.id", ""],
)
def test_production_opens_itself_to_no_page_but_those_named(production: Told, origin: str) -> None:
    good = "https://desk.example.go.id:8443"
    assert production(cors_origins=(good,)).cors_origins == (good,)

    with pytest.raises(ValidationError, match="each of cors_origins must be https"):
        production(cors_origins=(good, origin))
