"""Alembic's entry for the tables of mentoring."""

from services.mentoring.copies import metadata
from shared.migrations import run

run(metadata)
