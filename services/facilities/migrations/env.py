"""Alembic's entry for the tables of facilities."""

from services.facilities import copies as _copies  # noqa: F401 (its tables are in the metadata)
from services.facilities.models import metadata
from shared.migrations import run

run(metadata)
