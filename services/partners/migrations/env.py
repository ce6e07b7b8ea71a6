"""Alembic's entry for the tables of partners."""

from services.partners import copies as _copies  # noqa: F401 (its tables are in the metadata)
from services.partners.models import metadata
from shared.migrations import run

run(metadata)
