"""What partners is told by its environment, in PARTNERS_* variables."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings of partners."""

    model_config = SettingsConfigDict(env_prefix="PARTNERS_")

    service: ClassVar[str] = "partners"
