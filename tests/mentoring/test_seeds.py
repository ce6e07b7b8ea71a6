"""Demo data is made once, and the consultant of the development sign-in is among it."""

from deploy.local.personas import PERSONAS
from services.mentoring.seeds import seed
from services.mentoring.settings import Settings
from tests.mentoring.practice import Practice


async def test_consultants_are_seeded_once(practice: Practice) -> None:
    settings = practice.ecosystem.settings("mentoring", "worker")
    assert isinstance(settings, Settings)

    for _ in range(2):
        await seed(settings)

    rows = await practice.ecosystem.rows("mentoring", "SELECT person_id, unit_id FROM consultant")
    assert len(rows) == 9
    assert len({row["unit_id"] for row in rows}) == 4
    assert PERSONAS["consultant"].person_id in {row["person_id"] for row in rows}
