"""An owner is erased, and every service forgets the name that was theirs."""

from functools import partial
from uuid import uuid4

from services.registry.models import ERASED_NAME
from tests.support.builders import a_key, an_enterprise, open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.owners import enclose_owner

LISTENERS = ("mentoring", "partners", "facilities")


async def _is_called(ecosystem: Ecosystem, service: str, name: str) -> bool:
    rows = await ecosystem.rows(service, "SELECT trade_name, owner_ids FROM enterprise_copy")
    return [row["trade_name"] for row in rows] == [name]


async def test_an_erased_owners_name_leaves_every_service(ecosystem: Ecosystem) -> None:
    unit = await open_batu(ecosystem.database("registry"))
    owner = uuid4()
    await enclose_owner(ecosystem, owner, unit.id)
    await ecosystem.work()
    ministry = await ecosystem.client("registry", "ministry")
    body = an_enterprise(trade_name="Keripik Bu Wulan", owner_ids=[str(owner)])
    assert (await ministry.post("/enterprises", json=body, headers=a_key())).status_code == 201
    for service in LISTENERS:
        await eventually(partial(_is_called, ecosystem, service, "Keripik Bu Wulan"))

    assert (await ministry.post(f"/owners/{owner}/erase")).status_code == 204

    for service in LISTENERS:
        await eventually(partial(_is_called, ecosystem, service, ERASED_NAME))
