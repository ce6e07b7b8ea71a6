"""How what a service keeps of the registry is asked for."""

from typing import Final

from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World


async def _list_units(_: World, site: Site) -> Call:
    return Call("GET", "/units?limit=200", shows=site.unit)


async def _read_units(_: World, site: Site) -> Call:
    return Call("GET", f"/units/{site.unit}")


async def _list_enterprises(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises?limit=200&unit_id={site.unit}", shows=site.enterprise)


async def _read_enterprises(_: World, site: Site) -> Call:
    return Call("GET", f"/enterprises/{site.enterprise}")


RECIPES: Final[dict[str, Recipe]] = {
    "list_units": _list_units,
    "read_units": _read_units,
    "list_enterprises": _list_enterprises,
    "read_enterprises": _read_enterprises,
}
