"""Alembic's entry for the tables of partners."""

from services.partners.copies import metadata
from shared.migrations import run

run(metadata)
