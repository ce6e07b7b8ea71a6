"""How each operation of the registry is asked for."""

from typing import Final
from uuid import UUID, uuid4

from tests.authorization import register
from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World, add_enterprise
from tests.support.builders import a_key, an_enterprise
from tests.support.files import CSV, a_file, a_line, hand_in
from tests.support.owners import an_owner


async def _list_units(_: World, site: Site) -> Call:
    return Call("GET", "/units?limit=200", shows=site.unit)


async def _read_unit(_: World, site: Site) -> Call:
    return Call("GET", f"/units/{site.unit}")


async def _list_enterprises(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises?limit=200&unit_id={site.unit}", shows=site.enterprise)


async def _read_enterprise(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises/{site.enterprise}")


async def _register_enterprise(_: World, site: Site) -> Call:
    body = an_enterprise(unit_id=str(site.unit), village_code=site.village)
    return Call("POST", "/enterprises", body, {"Idempotency-Key": str(uuid4())})


async def _change_enterprise(world: World, site: Site) -> Call:
    address = f"/enterprises/{await add_enterprise(world.ecosystem, site)}"
    return Call("PATCH", address, {"trade_name": f"Lain {uuid4()}"}, {"If-Match": '"1"'})


async def _close_enterprise(world: World, site: Site) -> Call:
    address = f"/enterprises/{await add_enterprise(world.ecosystem, site)}"
    return Call("POST", f"{address}/close", headers={"If-Match": '"1"'})


async def _reopen_enterprise(world: World, site: Site) -> Call:
    close = await _close_enterprise(world, site)
    answer = await world.desk(site).request(close.method, close.path, headers=close.headers)
    assert answer.status_code == 200, answer.text
    path = close.path.removesuffix("close") + "reopen"
    return Call("POST", path, headers={"If-Match": '"2"'})


async def _hand_in_file(_: World, site: Site) -> Call:
    file = a_file([a_line(f"Warung {uuid4()}", unit=site.region)])
    return Call("POST", "/imports", headers=CSV, content=file)


async def _read_import(world: World, site: Site) -> Call:
    file = a_file([a_line(f"Warung {uuid4()}", unit=site.region)])
    return Call("GET", await hand_in(world.desk(site), file))


async def _list_rejections(world: World, site: Site) -> Call:
    address = (await _read_import(world, site)).path
    return Call("GET", f"{address}/rejections")


async def _register_owner(_: World, site: Site) -> Call:
    body = an_owner(unit_id=str(site.unit))
    return Call("POST", "/owners", body, {"Idempotency-Key": str(uuid4())})


async def _search_owners(world: World, site: Site) -> Call:
    body = an_owner(unit_id=str(site.unit))
    made = await world.desk(site).post("/owners", json=body, headers=a_key())
    wanted = {"nik": body["nik"]}
    return Call("POST", "/owners/search", wanted, shows=UUID(made.json()["id"]))


async def _read_owner(_: World, site: Site) -> Call:
    return Call("GET", f"/owners/{site.owner}")


async def _change_owner(world: World, site: Site) -> Call:
    address = await _new_owner(world, site)
    return Call("PATCH", address, {"name": "Bulan"}, {"If-Match": '"1"'})


async def _reveal_owner(_: World, site: Site) -> Call:
    return Call("POST", f"/owners/{site.owner}/reveal", {"fields": ["name"], "purpose": "identity"})


async def _list_accesses(_: World, site: Site) -> Call:
    return Call("GET", f"/owners/{site.owner}/accesses")


async def _erase_owner(world: World, site: Site) -> Call:
    return Call("POST", f"{await _new_owner(world, site)}/erase")


async def _new_owner(world: World, site: Site) -> str:
    body = an_owner(unit_id=str(site.unit))
    made = await world.desk(site).post("/owners", json=body, headers=a_key())
    assert made.status_code == 201, made.text
    return f"/owners/{made.json()['id']}"


RECIPES: Final[dict[str, Recipe]] = {
    "list_units": _list_units,
    "read_unit": _read_unit,
    "list_enterprises": _list_enterprises,
    "read_enterprise": _read_enterprise,
    "register_enterprise": _register_enterprise,
    "change_enterprise": _change_enterprise,
    "close_enterprise": _close_enterprise,
    "reopen_enterprise": _reopen_enterprise,
    "register_owner": _register_owner,
    "search_owners": _search_owners,
    "read_owner": _read_owner,
    "change_owner": _change_owner,
    "reveal_owner": _reveal_owner,
    "list_accesses": _list_accesses,
    "erase_owner": _erase_owner,
    "hand_in_file": _hand_in_file,
    "read_import": _read_import,
    "list_rejections": _list_rejections,
} | register.RECIPES
