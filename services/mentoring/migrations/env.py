"""Alembic's entry for the tables of mentoring."""

from services.mentoring import copies as _copies  # noqa: F401 (its tables are in the metadata)
from services.mentoring.models import metadata
from shared.migrations import run

run(metadata)
