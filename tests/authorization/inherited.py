"""How what every service has is asked for."""

from typing import Final

from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World

_SAID: Final = """
INSERT INTO event_log (topic, key, epoch, seq, type) VALUES ($1, $2, 1, 1, 'sealed')
ON CONFLICT DO NOTHING
"""


async def _list_audit_entries(_: World, __: Site) -> Call:
    return Call("GET", "/audit/entries")


def recipes(service: str) -> dict[str, Recipe]:
    """How a service is asked for what it has as all the others have it."""
    topic = f"{service}.audit-block.v1"

    async def follow_topic(_: World, __: Site) -> Call:
        return Call("GET", f"/streams/{topic}")

    async def read_stream(world: World, site: Site) -> Call:
        key = str(site.unit)
        await world.ecosystem.rows(service, _SAID, topic, key)
        return Call("GET", f"/streams/{topic}/{key}")

    return {
        "list_audit_entries": _list_audit_entries,
        "follow_topic": follow_topic,
        "read_stream": read_stream,
    }
