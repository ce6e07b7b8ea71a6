"""Believable demo data, made through the use cases; made twice, it is there once."""

from typing import Final

from services.mentoring import queries
from services.mentoring.ids import named_id
from services.mentoring.schemas import RegisterConsultant
from services.mentoring.settings import Settings
from services.mentoring.use_cases import enlist_consultant
from shared.access.actor import system
from shared.database import Database
from shared.events.registry import AssistanceField

_CONSULTANTS: Final[tuple[tuple[str, str, int, tuple[AssistanceField, ...]], ...]] = (
    # The first is the consultant who can sign in on a laptop.
    ("consultant", "35", 24, ("pemasaran", "produksi")),
    ("consultant:35:2", "35", 30, ("pembiayaan",)),
    ("consultant:35:3", "35", 30, ("kelembagaan", "sdm")),
    ("consultant:35:4", "35", 20, ("pemasaran", "teknologi_informasi")),
    ("consultant:35:5", "35", 16, ("jaringan_kerja_sama",)),
    ("consultant:35.79:1", "35.79", 30, ("produksi", "kelembagaan")),
    ("consultant:35.79:2", "35.79", 20, ("pemasaran", "sdm")),
    ("consultant:32:1", "32", 30, ("pembiayaan", "pemasaran")),
    ("consultant:51:1", "51", 24, ("teknologi_informasi", "produksi")),
)
"""Who they are, the region of their unit, their hours a week, and what they know."""


async def seed(settings: Settings) -> None:
    """Register the consultants of a few units, where missing."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction(system(settings.service)) as tx:
            for name, region, hours, fields in _CONSULTANTS:
                consultant_id = named_id(f"consultant:{name}")
                command = RegisterConsultant(
                    unit_id=named_id(f"unit:{region}"),
                    person_id=named_id(f"person:{name}"),
                    fields=fields,
                    weekly_hours=hours,
                )
                if await queries.any_consultant(tx, consultant_id) is None:
                    await enlist_consultant(tx, consultant_id, command, region)
    finally:
        await database.close()
