"""Booking under contention against a bare insert, and availability as the bookings grow."""

import itertools
import json
import statistics
import time
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any, Final
from uuid import UUID

import httpx

from services.facilities.ids import new_id, unit_id
from services.facilities.models.opening import ZONES
from services.facilities.schemas import RegisterFacility
from services.facilities.use_cases import open_facility
from tests.bench.bare_booking_app import CREATE
from tests.bench.figures import Figure
from tests.bench.http_load import Target, posts_per_second
from tests.bench.processes import server
from tests.support.builders import BATU
from tests.support.ecosystem import Ecosystem
from tests.support.processes import environment_of

_ROUNDS: Final = 5
_SECONDS: Final = 3.0
_CLIENTS: Final = 8
"""Each slot is wanted by all of them in the same moment."""

_FEW, _MANY = 10_000, 1_000_000
_FACILITIES: Final = 50
_QUESTIONS: Final = 300
_DAYS: Final = 31

_WEEK: Final = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
_UNIT: Final = {"region_code": BATU, "time_zone": "Asia/Jakarta"}
FIRST: Final = datetime.combine(
    datetime.now(ZONES["Asia/Jakarta"]).date() + timedelta(days=2), clock(), ZONES["Asia/Jakarta"]
)

# A month of bookings of an hour each, as many per facility, for as many centres as it takes.
_FILL: Final = """
WITH facilities AS (
    INSERT INTO facility (event_seq, id, unit_id, region_code, time_zone, code, name, kind, places,
        hours, buffer_before, buffer_after, approval, status)
    SELECT 1, gen_random_uuid(), CASE WHEN centre = 0 THEN $1 ELSE gen_random_uuid() END, '35.79',
        'Asia/Jakarta', 'R-' || centre || '-' || number, 'Ruang', 'meeting_room', 1, $2::jsonb, 0,
        0, 'automatic', 'open'
    FROM generate_series($3::int, $4::int - 1) AS centre, generate_series(1, $5::int) AS number
    RETURNING id
)
INSERT INTO occupied_place (holder_id, facility_id, place, during)
SELECT gen_random_uuid(), id, 1,
    tstzrange($6::timestamptz + n * interval '3.5 h', $6::timestamptz + n * interval '3.5 h' +
        interval '1 h')
FROM facilities, generate_series(0, $7::int - 1) AS n
"""
_EACH: Final = 200
"""Bookings of a facility in the month."""


async def measure(ecosystem: Ecosystem) -> list[Figure]:
    """Contended booking first; then availability at few and at many bookings."""
    return [*await _contended(ecosystem), await _availability(ecosystem)]


async def _contended(ecosystem: Ecosystem) -> list[Figure]:
    """Against the insert alone, and against it behind the same door: token, key and audit."""
    facility = await a_facility(ecosystem)
    await ecosystem.rows("facilities", CREATE)
    await ecosystem.rows("facilities", "GRANT ALL ON bare_booking TO PUBLIC")
    rates: dict[str, list[float]] = {name: [] for name in ("ours", "same door", "bare")}
    async with AsyncExitStack() as stack:
        targets = await _targets(ecosystem, stack)
        # Each has a part of the year of its own: the two bare ones share a table.
        wants = {name: _Wishes(facility, part) for part, name in enumerate(targets)}
        for number in range(_ROUNDS + 1):
            for name, target in targets.items():
                rate = await posts_per_second(
                    target, wants[name].next, seconds=_SECONDS, clients=_CLIENTS, refusal=b"409"
                )
                if number:  # the first round warms up
                    rates[name].append(rate)
    name, unit = f"contended booking, {_CLIENTS} for each slot", "bookings/s"
    return [
        Figure(
            f"{name}: against a bare insert behind the same door",
            unit,
            rates["ours"],
            rates["same door"],
            ">= 0.6",
        ),
        Figure(f"{name}: against a bare insert", unit, rates["ours"], rates["bare"], "reported"),
    ]


async def _targets(ecosystem: Ecosystem, stack: AsyncExitStack) -> dict[str, Target]:
    environment = environment_of(ecosystem.settings("facilities"))
    token = f"Authorization: Bearer {ecosystem.issuer.token('operator')}\r\n"
    uvicorn = ["-m", "uvicorn", "--no-access-log", "--log-level=warning"]
    bare = {"BARE_DATABASE_URL": ecosystem.urls["facilities"]}
    started = [
        (["-m", "services.facilities", "api"], environment),
        ([*uvicorn, "tests.bench.same_door_app:app"], environment),
        ([*uvicorn, "tests.bench.bare_booking_app:app"], bare),
    ]
    ports = [await stack.enter_async_context(server(*each)) for each in started]
    return {
        "ours": (ports[0], "/api/facilities/v1/bookings", token),
        "same door": (ports[1], "/api/facilities/v1/bookings", token),
        "bare": (ports[2], "/bookings", ""),
    }


class _Wishes:
    """Bodies that want one slot after another, each as often as there are clients."""

    def __init__(self, facility_id: UUID, part: int) -> None:
        """Begin at a part of the year of its own."""
        self._facility_id = facility_id
        self._first = FIRST + timedelta(days=100 * part)
        self._numbers = itertools.count()

    def next(self) -> bytes:
        """The next wish."""
        start = self._first + timedelta(minutes=5) * (next(self._numbers) // _CLIENTS)
        body = {
            "facilities": [{"facility_id": str(self._facility_id)}],
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(minutes=5)).isoformat(),
            "purpose": "Latihan",
        }
        return json.dumps(body).encode()


async def _availability(ecosystem: Ecosystem) -> Figure:
    await ecosystem.rows("facilities", "TRUNCATE occupied_place, facility CASCADE")
    times: dict[int, list[float]] = {}
    centres = 0
    environment = environment_of(ecosystem.settings("facilities"))
    token = ecosystem.issuer.token("operator")
    async with (
        server(["-m", "services.facilities", "api"], environment) as port,
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/facilities/v1",
            headers={"Authorization": f"Bearer {token}"},
        ) as client,
    ):
        for bookings in (_FEW, _MANY):
            wanted = bookings // (_FACILITIES * _EACH)
            for centre in range(centres, wanted):
                await _fill(ecosystem, centre)
            centres = wanted
            await ecosystem.rows("facilities", "ANALYZE")
            times[bookings] = [await _p99(client) for _ in range(_ROUNDS)]
    name = f"availability, {_FACILITIES} facilities, a month: p99 at {_MANY:,} against {_FEW:,}"
    return Figure(name, "ms", times[_MANY], times[_FEW], "<= 2")


async def _fill(ecosystem: Ecosystem, centre: int) -> None:
    values: list[Any] = [unit_id(BATU), json.dumps(_WEEK), centre, centre + 1, _FACILITIES]
    await ecosystem.rows("facilities", _FILL, *values, FIRST, _EACH)


async def _p99(client: httpx.AsyncClient) -> float:
    question = {
        "unit_id": str(unit_id(BATU)),
        "from": FIRST.isoformat(),
        "to": (FIRST + timedelta(days=_DAYS)).isoformat(),
    }
    delays = []
    for _ in range(_QUESTIONS):
        asked = time.perf_counter()
        answer = await client.get("/availability", params=question)
        delays.append((time.perf_counter() - asked) * 1000)
        if len(answer.json()["items"]) != _FACILITIES:
            raise RuntimeError(answer.text[:300])
    return statistics.quantiles(delays, n=100)[-1]


async def a_facility(ecosystem: Ecosystem) -> UUID:
    """A room in Batu that is open day and night."""
    facts = {
        "unit_id": unit_id(BATU),
        "code": "R-1",
        "name": "Ruang",
        "kind": "meeting_room",
        "places": 1,
        "hours": _WEEK,
    }
    command = RegisterFacility.model_validate(facts)
    async with ecosystem.database("facilities").transaction(ecosystem.actor) as tx:
        return (await open_facility(tx, new_id(), command, _UNIT)).id
