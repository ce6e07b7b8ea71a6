"""What a service refuses to be told."""

import pytest
from pydantic import ValidationError

from services.registry.settings import Settings

_TOLD = {"database_url": "postgresql://app:secret@db/registry", "kafka": "kafka:9092"}
_MAKESHIFT = {"issuer": "http://127.0.0.1:8080", "jwks_url": "http://127.0.0.1:8080/jwks.json"}


def test_production_believes_no_issuer_without_https() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings.model_validate(_TOLD | _MAKESHIFT | {"environment": "production"})


def test_a_service_takes_itself_for_production_unless_told_otherwise() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings.model_validate(_TOLD | _MAKESHIFT)


def test_development_believes_the_issuer_on_this_machine() -> None:
    settings = Settings.model_validate(_TOLD | _MAKESHIFT | {"environment": "development"})

    assert settings.base_path == "/api/registry"
