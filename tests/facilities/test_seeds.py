"""The demo data can be made again and again, and is there once."""

from services.facilities.seeds import UNITS, seed
from services.facilities.settings import Settings
from tests.facilities.centre import Centre


async def test_seeds_made_twice_are_there_once(centre: Centre) -> None:
    settings = centre.ecosystem.settings("facilities", "worker")
    assert isinstance(settings, Settings)

    await seed(settings)
    await seed(settings)

    rows = await centre.ecosystem.rows("facilities", "SELECT region_code, code FROM facility")
    assert len(rows) == len(set(rows)) == 11 * len(UNITS)
