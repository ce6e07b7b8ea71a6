"""Alembic's entry for the registry's tables."""

from services.registry import copies as _copies  # noqa: F401 (its tables are in the metadata)
from services.registry.models import metadata
from shared.migrations import run
from shared.vault.tables import metadata as vault

run(metadata, vault)
