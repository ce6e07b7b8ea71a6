"""Every verb of the registry."""

from services.registry.use_cases.enterprises import (
    change_enterprise,
    close_enterprise,
    register_enterprise,
    reopen_enterprise,
)
from services.registry.use_cases.imports import hand_in_file, import_batch
from services.registry.use_cases.units import open_unit

__all__ = [
    "change_enterprise",
    "close_enterprise",
    "hand_in_file",
    "import_batch",
    "open_unit",
    "register_enterprise",
    "reopen_enterprise",
]
