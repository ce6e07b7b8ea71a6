"""How what every service has is asked for."""

from typing import Final
from uuid import uuid4

from tests.authorization.call import Call, Recipe
from tests.authorization.world import Site, World

_SAID: Final = """
INSERT INTO event_log (topic, key, epoch, seq, type) VALUES ($1, $2, 1, 1, 'sealed')
ON CONFLICT DO NOTHING
"""


_PARKED: Final = """
INSERT INTO parked_event (id, topic, partition, "offset", headers, state, error)
VALUES ($1, 'registry.enterprise.v1', 0, 0, '[]', 'dead', 'it is no event')
"""


async def _list_audit_entries(_: World, __: Site) -> Call:
    return Call("GET", "/audit/entries")


def parked(service: str) -> dict[str, Recipe]:
    """How a service is asked about what it could not take."""

    def recipe(method: str, path: str, json: dict[str, str] | None = None) -> Recipe:
        async def ask(world: World, _: Site) -> Call:
            parked_id = uuid4()
            await world.ecosystem.rows(service, _PARKED, parked_id)
            headers = {"If-Match": '"1"'} if "{}" in path and json else {}
            return Call(method, path.format(parked_id), json=json, headers=headers)

        return ask

    return {
        "list_parked_events": recipe("GET", "/parked-events"),
        "export_parked_events": recipe("GET", "/parked-events/export"),
        "read_parked_event": recipe("GET", "/parked-events/{}"),
        "retry_parked_events": recipe("POST", "/parked-events/retry", {"key": "nobody's"}),
        "skip_parked_event": recipe("POST", "/parked-events/{}/skip", {"reason": "INC-1"}),
        "edit_parked_event": recipe(
            "POST", "/parked-events/{}/edit", {"event": '{"specversion": "1.0"}'}
        ),
    }


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
        **parked(service),
        "list_audit_entries": _list_audit_entries,
        "follow_topic": follow_topic,
        "read_stream": read_stream,
    }
