"""The demo data has a partner of each kind, and is there once however often it is made."""

from typing import cast, get_args

from services.partners.seeds import seed
from services.partners.settings import Settings
from shared.events.partners import PartnerKind
from tests.partners.town import Town


async def test_made_twice_the_demo_data_is_there_once(town: Town) -> None:
    settings = cast("Settings", town.ecosystem.settings("partners", "worker"))

    for _ in range(2):
        await seed(settings)

    partners = await town.ecosystem.rows("partners", "SELECT kind, status FROM partner")
    offers = await town.ecosystem.rows("partners", "SELECT status FROM opportunity")
    assert {row["kind"] for row in partners} == set(get_args(PartnerKind))
    assert [row["status"] for row in partners] == ["verified"] * len(partners)
    assert [row["status"] for row in offers] == ["published"] * len(partners)
