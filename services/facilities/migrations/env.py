"""Alembic's entry for the tables of facilities."""

from services.facilities.copies import metadata
from shared.migrations import run

run(metadata)
