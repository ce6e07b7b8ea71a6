"""What facilities is told by its environment, in FACILITIES_* variables."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings of facilities."""

    model_config = SettingsConfigDict(env_prefix="FACILITIES_")

    service: ClassVar[str] = "facilities"
