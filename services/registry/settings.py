"""What the registry is told by its environment, in REGISTRY_* variables."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """The registry's settings."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    service: ClassVar[str] = "registry"
