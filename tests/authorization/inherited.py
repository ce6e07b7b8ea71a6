"""How what every service has is asked for."""

from typing import Final

from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World


async def _list_audit_entries(_: World, __: Site) -> Call:
    return Call("GET", "/audit/entries")


RECIPES: Final[dict[str, Recipe]] = {"list_audit_entries": _list_audit_entries}
