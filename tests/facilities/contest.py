"""Many who want the same at once, over HTTP, and what the database says of it afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import httpx

from tests.bench.processes import server
from tests.facilities.bodies import a_request
from tests.facilities.centre import Centre
from tests.support.processes import environment_of

REPLICAS: Final = 2
_DEADLINE_S: Final = 30
_CONNECTIONS: Final = 12

_OVERLAPS: Final = """
WITH used AS (
    SELECT b.id, line ->> 'facility_id' AS facility, place::int AS place,
        tstzrange(b.starts_at, b.ends_at) AS during
    FROM booking AS b, jsonb_array_elements(b.lines) AS line,
        jsonb_array_elements_text(line -> 'places') AS place
    WHERE b.status IN ('pending', 'confirmed', 'checked_in')
)
SELECT a.id AS one, b.id AS other FROM used AS a JOIN used AS b
ON a.facility = b.facility AND a.place = b.place AND a.id < b.id AND a.during && b.during
"""
"""By what the bookings themselves say, not by the table that refuses overlaps."""

_EVENTS: Final = """
SELECT key, count(*) AS count FROM event_log WHERE topic = 'facilities.booking.v1' GROUP BY key
"""


@asynccontextmanager
async def served(centre: Centre) -> AsyncIterator[Sequence[httpx.AsyncClient]]:
    """Clients of two processes of the API, as many as run in production at least."""
    environment = environment_of(centre.ecosystem.settings("facilities"))
    token = centre.ecosystem.issuer.token("operator")
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(REPLICAS):
            port = await stack.enter_async_context(
                server(["-m", "services.facilities", "api"], environment)
            )
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}/api/facilities/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=_DEADLINE_S,
                limits=httpx.Limits(max_connections=None),
            )
            clients.append(await stack.enter_async_context(client))
        await _warm_up(clients)
        yield clients


async def _warm_up(clients: Sequence[httpx.AsyncClient]) -> None:
    """Open the connections to the database, as a process that has been at work for a while has."""
    nowhere = a_request(facilities=[{"facility_id": str(uuid4())}])
    answers = await at_once(clients, [nowhere] * (_CONNECTIONS * len(clients)))
    assert set(statuses(answers)) == {422}


async def at_once(
    clients: Sequence[httpx.AsyncClient], bodies: Sequence[dict[str, Any]]
) -> list[httpx.Response]:
    """Ask for all of it at the same moment, in turn of one client and the other."""
    return await asyncio.gather(
        *(book(clients[n % len(clients)], body) for n, body in enumerate(bodies))
    )


async def book(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    """Ask once, under a key of its own."""
    return await client.post("/bookings", json=body, headers={"Idempotency-Key": str(uuid4())})


def statuses(answers: Sequence[httpx.Response]) -> dict[int, int]:
    """How often each status was answered."""
    return dict(Counter(answer.status_code for answer in answers))


async def overlaps(centre: Centre) -> list[Any]:
    """Pairs of bookings that have one place at one time."""
    return await centre.ecosystem.rows("facilities", _OVERLAPS)


async def events_of_bookings(centre: Centre) -> dict[str, int]:
    """How many events each booking has."""
    return {row["key"]: row["count"] for row in await centre.ecosystem.rows("facilities", _EVENTS)}
