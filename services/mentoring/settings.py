"""What mentoring is told by its environment, in MENTORING_* variables."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings of mentoring."""

    model_config = SettingsConfigDict(env_prefix="MENTORING_")

    service: ClassVar[str] = "mentoring"
