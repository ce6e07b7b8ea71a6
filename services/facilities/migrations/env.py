"""Alembic's entry for the tables of facilities."""

from services.facilities.models import metadata
from shared.migrations import run

run(metadata)
