"""Alembic's entry for the registry's tables."""

from services.registry.models import metadata
from shared.migrations import run

run(metadata)
